package io.millrace.cli.offline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.BucketInfo;
import io.millrace.api.Database;
import io.millrace.api.LogVerification;
import io.millrace.api.QueryInfo;
import io.millrace.api.RolledBack;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Blame;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitOutcome.Written;
import io.millrace.api.document.Difference;
import io.millrace.api.document.Document;
import io.millrace.api.document.Revision;
import io.millrace.api.view.Row;
import io.millrace.cli.client.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Values as docs/rest-api.md shows them. Bodies are spliced in as they are. */
final class Texts {
  private Texts() {}

  static String of(Document document, boolean body) {
    ObjectNode head = Json.object();
    head.put("id", document.id()).put("rev", document.revision().toString());
    if (!document.conflicts().isEmpty()) {
      ArrayNode conflicts = head.putArray("conflicts");
      document.conflicts().stream().map(Revision::toString).forEach(conflicts::add);
    }
    return body ? with(head.toString(), document.body()) : head.toString();
  }

  /** An object with the members of a body behind its own. */
  private static String with(String object, Body body) {
    String members = body.toString();
    return members.length() == 2
        ? object
        : object.substring(0, object.length() - 1) + ',' + members.substring(1);
  }

  static String of(Written written) {
    ObjectNode json = Json.object();
    json.put("id", written.id()).put("rev", written.revision().toString());
    json.put("seq", written.sequence());
    if (written.deleted()) {
      json.put("deleted", true);
    }
    return json.toString();
  }

  static String of(BucketInfo info) {
    ObjectNode json = Json.object().put("name", info.name());
    json.put("documents", info.documents()).put("deleted", info.deleted());
    json.put("sequence", info.sequence()).put("bytes", info.bytes());
    return json.put("created", info.created().toString()).toString();
  }

  private static void addWho(ObjectNode json, Commit commit) {
    Attribution attribution = commit.attribution();
    json.put("time", commit.time().toString());
    if (attribution.author() != null) {
      json.put("author", attribution.author());
    }
    if (attribution.message() != null) {
      json.put("message", attribution.message());
    }
  }

  static String activity(Change change, boolean ofAllBuckets) {
    ObjectNode json = Json.object().put("seq", change.sequence());
    if (ofAllBuckets) {
      json.put("bucket", change.bucket());
    }
    json.put("id", change.id());
    json.putArray("changes").add(change.revision().toString());
    if (change.deleted()) {
      json.put("deleted", true);
    }
    addWho(json, change.commit());
    json.put("kind", change.commit().kind().word());
    if (change.forgotten()) {
      json.put("forgotten", true);
    }
    return withDocument(json, change);
  }

  static String history(Change change) {
    ObjectNode json = Json.object().put("seq", change.sequence());
    Revision parent = change.parent();
    json.put("rev", change.revision().toString());
    json.put("parent", parent == null ? null : parent.toString());
    addWho(json, change.commit());
    json.put("kind", change.commit().kind().word());
    if (change.deleted()) {
      json.put("deleted", true);
    }
    if (change.forgotten()) {
      json.put("forgotten", true);
    }
    return withDocument(json, change);
  }

  private static String withDocument(ObjectNode json, Change change) {
    Body body = change.body();
    if (body == null || change.deleted()) {
      return json.toString();
    }
    return withDocument(json.toString(), change.id(), change.revision(), body);
  }

  private static String withDocument(String text, String id, Revision revision, Body body) {
    ObjectNode head = Json.object().put("id", id).put("rev", revision.toString());
    return text.substring(0, text.length() - 1)
        + ",\"document\":"
        + with(head.toString(), body)
        + '}';
  }

  static String of(Commit commit, Database database) {
    ObjectNode json = Json.object().put("seq", commit.last()).put("first", commit.first());
    addWho(json, commit);
    json.put("kind", commit.kind().word());
    json.put("changes", commit.changes());
    if (commit.target() != 0) {
      json.put("to", commit.target());
    }
    return json.put("digest", database.digestOf(commit).toString()).toString();
  }

  static String of(RolledBack rolled) {
    ObjectNode json = Json.object();
    if (rolled.sequence() != 0) {
      json.put("seq", rolled.sequence()).put("first", rolled.first());
    }
    json.put("changed", rolled.changed()).put("created", rolled.created());
    json.put("updated", rolled.updated()).put("deleted", rolled.deleted());
    if (!rolled.dropped().isEmpty() || !rolled.revived().isEmpty()) {
      ArrayNode dropped = json.putArray("dropped");
      rolled.dropped().forEach(dropped::add);
      ArrayNode revived = json.putArray("revived");
      rolled.revived().forEach(revived::add);
    }
    return json.toString();
  }

  static String of(LogVerification found) {
    ObjectNode json = Json.object().put("ok", found.ok());
    json.put("from", found.from()).put("to", found.to()).put("commits", found.commits());
    if (found.digest() != null) {
      json.put("digest", found.digest().toString());
    }
    if (found.at() != null) {
      json.put("at", found.at());
    }
    if (found.reason() != null) {
      json.put("reason", found.reason());
    }
    return json.toString();
  }

  static String of(Blame blame) {
    ObjectNode json = Json.object().put("id", blame.document().id());
    json.put("rev", blame.document().revision().toString());
    ArrayNode members = json.putArray("members");
    for (Blame.Member member : blame.members()) {
      ObjectNode one = members.addObject().put("name", member.name());
      one.put("rev", member.revision().toString()).put("seq", member.sequence());
      addWho(one, member.commit());
      if (member.forgotten()) {
        one.put("forgotten", true);
      }
    }
    return json.toString();
  }

  static String of(Difference difference, boolean bodies) {
    Document before = difference.before();
    Document after = difference.after();
    ObjectNode json = Json.object().put("id", difference.id());
    json.put("change", difference.kind().word());
    if (after != null) {
      json.put("rev", after.revision().toString());
    }
    if (before != null) {
      json.put("was", before.revision().toString());
    }
    if (difference.patch() != null) {
      json.set("patch", difference.patch());
    }
    return bodies && before == null && after != null
        ? withDocument(json.toString(), after.id(), after.revision(), after.body())
        : json.toString();
  }

  static String of(QueryInfo info) {
    ObjectNode json = Json.object().put("name", info.definition().name());
    json.put("type", info.definition().type());
    json.set("definition", info.definition().members());
    json.put("state", info.state().name().toLowerCase(Locale.ROOT));
    json.put("sequence", info.sequence()).put("rows", info.rows()).put("bytes", info.bytes());
    return json.put("error_count", info.errors()).toString();
  }

  static String of(Row row) {
    String id =
        row.identified() ? "\"id\":" + Json.mapper().valueToTree(row.documentId()) + ',' : "";
    return '{' + id + "\"key\":" + text(row.key()) + ",\"value\":" + text(row.value()) + '}';
  }

  static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
