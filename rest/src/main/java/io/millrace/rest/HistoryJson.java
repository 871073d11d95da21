package io.millrace.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Blame;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.Document;
import io.millrace.api.document.DocumentTree;
import io.millrace.api.document.Origin;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InternalException;
import io.millrace.rest.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/** The past as clients see it. */
final class HistoryJson {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private HistoryJson() {}

  /**
   * Writes who, why and when as members of the object that is open, and where and when first, if
   * that was elsewhere.
   */
  static void writeWho(JsonWriter json, Commit commit) {
    Attribution attribution = commit.attribution();
    json.name("time").string(commit.time().toString());
    if (attribution.author() != null) {
      json.name("author").string(attribution.author());
    }
    if (attribution.message() != null) {
      json.name("message").string(attribution.message());
    }
    Origin origin = attribution.origin();
    if (origin != null) {
      json.name("origin").startObject();
      json.name("database").string(origin.database().toString());
      json.name("time").string(origin.time().toString());
      json.endObject();
    }
  }

  /** Writes a commit of {@code database} as the next value. */
  static void write(JsonWriter json, Commit commit, Database database) {
    json.startObject();
    json.name("seq").number(commit.last());
    json.name("first").number(commit.first());
    writeWho(json, commit);
    json.name("kind").string(commit.kind().word());
    json.name("changes").number(commit.changes());
    if (commit.target() != 0) {
      json.name("to").number(commit.target());
    }
    json.name("digest").string(database.digestOf(commit).toString());
    json.endObject();
  }

  /** Writes a change of a document whose history is shown as the next value. */
  static void write(JsonWriter json, Change change) {
    json.startObject();
    json.name("seq").number(change.sequence());
    json.name("rev").string(change.revision().toString());
    json.name("parent").string(text(change.parent()));
    writeWho(json, change.commit());
    json.name("kind").string(change.commit().kind().word());
    if (change.deleted()) {
      json.name("deleted").bool(true);
    }
    if (change.forgotten()) {
      json.name("forgotten").bool(true);
    }
    Body body = change.body();
    if (body != null && !change.deleted()) {
      json.name("document").startObject();
      json.name("id").string(change.id());
      json.name("rev").string(change.revision().toString());
      json.membersOf(body.json()).endObject();
    }
    json.endObject();
  }

  /** The text of a revision tree. */
  static byte[] of(DocumentTree tree) {
    JsonWriter json = new JsonWriter(256 + 128 * tree.revisions().size()).startObject();
    json.name("id").string(tree.id());
    json.name("winner").string(tree.winner().toString());
    if (tree.deleted()) {
      json.name("deleted").bool(true);
    }
    json.name("conflicts").startArray();
    tree.conflicts().forEach(conflict -> json.string(conflict.toString()));
    json.endArray();
    json.name("leaves").startArray();
    tree.revisions().stream()
        .filter(DocumentTree.KnownRevision::leaf)
        .forEach(leaf -> json.string(leaf.revision().toString()));
    json.endArray();
    json.name("revisions").startArray();
    tree.revisions().forEach(revision -> write(json, revision));
    return json.endArray().endObject().toByteArray();
  }

  private static void write(JsonWriter json, DocumentTree.KnownRevision known) {
    json.startObject();
    json.name("rev").string(known.revision().toString());
    json.name("parent").string(text(known.parent()));
    if (known.sequence() == 0) {
      json.name("stub").bool(true);
    } else {
      json.name("seq").number(known.sequence());
    }
    if (known.deleted()) {
      json.name("deleted").bool(true);
    }
    if (known.leaf()) {
      json.name("leaf").bool(true);
    }
    json.endObject();
  }

  /** The text of a blame. */
  static byte[] of(Blame blame) {
    Document document = blame.document();
    JsonWriter json = new JsonWriter(256).startObject();
    json.name("id").string(document.id());
    json.name("rev").string(document.revision().toString());
    json.name("members").startArray();
    for (Blame.Member member : blame.members()) {
      json.startObject();
      json.name("name").string(member.name());
      json.name("rev").string(member.revision().toString());
      json.name("seq").number(member.sequence());
      writeWho(json, member.commit());
      if (member.forgotten()) {
        json.name("forgotten").bool(true);
      }
      json.endObject();
    }
    return json.endArray().endObject().toByteArray();
  }

  /** The text of a patch; numbers in it keep theirs. */
  static byte[] of(JsonNode patch) {
    try {
      return MAPPER.writeValueAsBytes(patch);
    } catch (JsonProcessingException e) {
      throw new InternalException("unwritable-patch", "a patch could not be written", e);
    }
  }

  private static @Nullable String text(@Nullable Revision revision) {
    return revision == null ? null : revision.toString();
  }
}
