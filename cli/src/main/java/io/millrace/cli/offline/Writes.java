package io.millrace.cli.offline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Database;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitOutcome.Written;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Requests that write documents. */
final class Writes {
  private static final Set<String> METADATA = Set.of("id", "rev");
  private static final int CHUNK = 1_000;
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final Database database;
  private final String name;

  /**
   * @param name of the folder, for messages
   */
  Writes(Database database, String name) {
    this.database = database;
    this.name = name;
  }

  /** What a stage gives, when it does. */
  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MillraceException known) {
        throw known;
      }
      throw e;
    }
  }

  Answer put(Call call, String bucket, @Nullable String id) {
    JsonNode tree = Json.given(text(call), "the document");
    if (tree.isArray()) {
      List<Edit> edits = new ArrayList<>();
      tree.forEach(one -> edits.add(edit(bucket, null, one.toString(), null)));
      return new Answer(CREATED, list(commit(edits, call)));
    }
    Written written = commit(List.of(edit(bucket, id, text(call), call.ifMatch())), call).get(0);
    return new Answer(written.created() ? CREATED : OK, Texts.of(written));
  }

  private static String text(Call call) {
    return new String(call.body(), StandardCharsets.UTF_8);
  }

  private Edit edit(
      String bucket, @Nullable String id, String text, @Nullable String precondition) {
    JsonNode tree = Json.given(text, "the document");
    if (!tree.isObject()) {
      throw new InvalidRequestException("not-an-object", "a document is a JSON object");
    }
    String own = tree.path("id").isTextual() ? tree.path("id").asText() : id;
    if (id != null && !id.equals(own)) {
      throw new InvalidRequestException(
          "contradicting-ids", "the document is called " + own + ", not " + id);
    }
    String revision =
        precondition == null && tree.path("rev").isTextual()
            ? tree.path("rev").asText()
            : precondition;
    return new Edit.Put(
        bucket,
        own == null ? database.newDocumentId() : own,
        base(revision),
        Body.parse(Json.without(text, METADATA)));
  }

  private static Base base(@Nullable String revision) {
    if (revision == null) {
      return Base.absent();
    }
    return revision.equals(Call.ANY) ? Base.any() : Base.of(Revision.parse(revision));
  }

  Answer patch(Call call, String bucket, String id) {
    if (!String.valueOf(call.contentType()).contains("merge-patch")) {
      throw new UnsupportedException(
          "only-served", "a patch that is a list of operations needs a server; an object works");
    }
    String changes = text(call);
    Json.given(changes, "the patch");
    String revision = call.ifMatch();
    Edit edit =
        new Edit.Transform(
            bucket,
            id,
            revision == null ? Base.any() : base(revision),
            present -> Body.parse(merged(present.toString(), changes)));
    return new Answer(OK, Texts.of(commit(List.of(edit), call).get(0)));
  }

  /** RFC 7396, on texts, so that what is not changed stays as it is written. */
  private static String merged(String target, String patch) {
    if (!patch.stripLeading().startsWith("{")) {
      return patch;
    }
    Map<String, String> members =
        target.startsWith("{") ? Json.values(target) : new LinkedHashMap<>();
    Json.values(patch)
        .forEach(
            (name, value) -> {
              if (value.equals("null")) {
                members.remove(name);
              } else {
                members.put(name, merged(members.getOrDefault(name, "null"), value));
              }
            });
    StringJoiner object = new StringJoiner(",", "{", "}");
    members.forEach(
        (name, value) -> object.add(Json.mapper().valueToTree(name).toString() + ':' + value));
    return object.toString();
  }

  Answer delete(Call call, String bucket, String id) {
    Edit edit = new Edit.Delete(bucket, id, base(call.ifMatch()));
    return new Answer(OK, Texts.of(commit(List.of(edit), call).get(0)));
  }

  Answer batch(Call call, String bucket) {
    List<Edit> edits = new ArrayList<>();
    for (JsonNode one : Json.given(text(call), "the batch")) {
      String id = one.path("id").asText();
      String revision = one.path("rev").isTextual() ? one.path("rev").asText() : null;
      edits.add(
          one.path("type").asText().equals("del")
              ? new Edit.Delete(bucket, id, base(revision))
              : new Edit.Put(bucket, id, base(revision), Body.parse(one.path("value").toString())));
    }
    return new Answer(OK, list(commit(edits, call)));
  }

  private static String list(List<Written> written) {
    return '[' + String.join(",", written.stream().map(Texts::of).toList()) + ']';
  }

  private List<Written> commit(List<Edit> edits, Call call) {
    return accepted(database.commit(CommitRequest.write(edits, call.attribution())));
  }

  /** What was written, unless it was refused. */
  List<Written> accepted(CompletionStage<CommitOutcome> stage) {
    CommitOutcome outcome = await(stage);
    if (outcome instanceof Refused refused) {
      throw refusal(refused.refusals());
    }
    return ((Committed) outcome).written();
  }

  private RefusedException refusal(List<Refusal> refusals) {
    Refusal first = refusals.get(0);
    return switch (first.reason()) {
      case DOCUMENT_MISSING -> problem(404, "document-missing", "Not Found", refusals);
      case BUCKET_MISSING -> problem(404, "bucket-missing", "Not Found", refusals);
      case NOT_PROCESSABLE -> problem(422, "not-processable", "Unprocessable", refusals);
      case TEST_FAILED -> problem(409, "test-failed", "Conflict", refusals);
      case CONFLICT -> problem(409, "conflict", "Conflict", refusals);
    };
  }

  private RefusedException problem(int status, String code, String title, List<Refusal> refusals) {
    ObjectNode json = Json.object().put("type", "urn:millrace:problem:" + code);
    json.put("title", title).put("status", status).put("detail", refusals.get(0).detail());
    if (refusals.size() == 1) {
      add(json, refusals.get(0));
    } else {
      ArrayNode conflicts = json.putArray("conflicts");
      refusals.forEach(refusal -> add(conflicts.addObject(), refusal));
    }
    return RefusedException.of(name, status, json.toString());
  }

  private static void add(ObjectNode json, Refusal refusal) {
    json.put("id", refusal.id());
    if (refusal.current() != null) {
      json.put("current", refusal.current().toString());
    }
  }

  /** The one line that a server would answer last. */
  String load(Call call, String bucket) {
    Loading loading = new Loading(bucket, call);
    int line = 0;
    for (String text : text(call).split("\n", -1)) {
      line++;
      if (!text.isBlank()) {
        loading.add(text, line);
      }
    }
    loading.flush();
    return loading.counts().put("done", true).toString();
  }

  /** One import. */
  private final class Loading {
    private final String bucket;
    private final Call call;
    private final List<Edit> edits = new ArrayList<>();
    private long imported;
    private long conflicts;
    private long sequence;

    Loading(String bucket, Call call) {
      this.bucket = bucket;
      this.call = call;
    }

    void add(String text, int line) {
      Edit edit;
      try {
        edit = edit(bucket, null, text, null);
      } catch (InvalidRequestException e) {
        flush();
        ObjectNode problem = counts().put("type", "urn:millrace:problem:" + e.code());
        problem.put("title", "Bad Request").put("status", 400).put("line", line);
        problem.put("detail", "line " + line + ": " + e.getMessage());
        throw RefusedException.of(name, 400, problem.toString());
      }
      if (edits.size() == CHUNK || edits.stream().anyMatch(one -> one.id().equals(edit.id()))) {
        flush();
      }
      edits.add(edit);
    }

    ObjectNode counts() {
      ObjectNode json = Json.object();
      return json.put("imported", imported).put("conflicts", conflicts).put("seq", sequence);
    }

    /** A commit is made whole or not at all, so it is asked for again without what was refused. */
    void flush() {
      List<Edit> wanted = new ArrayList<>(edits);
      edits.clear();
      while (!wanted.isEmpty()) {
        CommitOutcome outcome =
            await(database.commit(CommitRequest.write(wanted, call.attribution())));
        if (outcome instanceof Committed committed) {
          imported += committed.written().size();
          sequence = committed.sequence();
          return;
        }
        Set<Integer> refused = new HashSet<>();
        for (Refusal refusal : ((Refused) outcome).refusals()) {
          if (refusal.reason() != Reason.CONFLICT) {
            throw refusal(List.of(refusal));
          }
          refused.add(refusal.index());
        }
        conflicts += refused.size();
        List<Edit> rest = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
          if (!refused.contains(i)) {
            rest.add(wanted.get(i));
          }
        }
        wanted = rest;
      }
    }
  }
}
