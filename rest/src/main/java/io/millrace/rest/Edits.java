package io.millrace.rest;

import io.millrace.api.Database;
import io.millrace.api.document.Base;
import io.millrace.api.document.BucketName;
import io.millrace.api.document.DocumentId;
import io.millrace.api.document.Edit;
import io.millrace.api.document.ExactTree;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.JsonText.WrittenDocument;
import io.millrace.api.document.Revision;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The edits that a body with one or more documents asks for. */
final class Edits {
  private Edits() {}

  /** Of a document that was posted: its id is taken from it or made. */
  static Edit.Put posted(
      Database database, String bucket, WrittenDocument document, Bodies bodies) {
    String id = document.id();
    Revision revision = document.revision();
    if (id == null && revision != null) {
      throw unprocessable("a document with rev and without id says nothing");
    }
    return new Edit.Put(
        bucket,
        id == null ? database.newDocumentId() : DocumentId.require(id),
        revision == null ? Base.absent() : Base.of(revision),
        bodies.limited(document.body()));
  }

  /** Of an array of documents. */
  static List<Edit> posted(Database database, String bucket, JsonText array, Bodies bodies) {
    List<Edit> edits = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (byte[] element : array.elements()) {
      Edit edit = posted(database, bucket, JsonText.parse(element).document(), bodies);
      requireNew(ids.add(edit.id()), edit, edits.size());
      edits.add(edit);
    }
    return edits;
  }

  /**
   * Of a batch.
   *
   * @param bucket of all edits; null when each names its own
   */
  static List<Edit> batch(@Nullable String bucket, JsonText array, Bodies bodies) {
    if (!array.isArray()) {
      throw unprocessable("a batch is an array of edits");
    }
    List<Edit> edits = new ArrayList<>();
    Set<Map.Entry<String, String>> documents = new HashSet<>();
    for (byte[] element : array.elements()) {
      Edit edit = edit(bucket, JsonText.parse(element), edits.size(), bodies);
      requireNew(documents.add(Map.entry(edit.bucket(), edit.id())), edit, edits.size());
      edits.add(edit);
    }
    return edits;
  }

  private static void requireNew(boolean added, Edit edit, int index) {
    if (!added) {
      throw Problem.of(
              422,
              "duplicate-document",
              "a commit may change a document once; this one comes twice")
          .with("id", edit.id())
          .with("index", index)
          .exception();
    }
  }

  private static Edit edit(@Nullable String bucket, JsonText text, int index, Bodies bodies) {
    Map<String, byte[]> members = new TreeMap<>();
    for (JsonText.Member member : text.members()) {
      members.put(member.name(), member.value());
    }
    String type = string(members.remove("type"), "type", index);
    String id = DocumentId.require(string(members.remove("id"), "id", index));
    String target =
        bucket == null
            ? BucketName.require(string(members.remove("bucket"), "bucket", index))
            : bucket;
    byte[] rev = members.remove("rev");
    boolean none = type.equals("check") && rev != null && rev[0] == 'n';
    Revision revision = rev == null || none ? null : Revision.parse(string(rev, "rev", index));
    if (type.equals("check") && rev == null) {
      throw fault(index, "has no rev; a check names a revision, or null for no live document");
    }
    byte[] value = members.remove("value");
    if (!members.isEmpty()) {
      throw fault(index, "has a member that is not known: " + members.keySet().iterator().next());
    }
    return switch (type) {
      case "put" -> put(target, id, revision, value, index, bodies);
      case "del" -> new Edit.Delete(target, id, base(revision));
      case "check" -> new Edit.Check(target, id, base(revision));
      default -> throw fault(index, "has a type that is none of put, del and check");
    };
  }

  private static Edit put(
      String bucket,
      String id,
      @Nullable Revision revision,
      byte @Nullable [] value,
      int index,
      Bodies bodies) {
    if (value == null) {
      throw fault(index, "has no value");
    }
    WrittenDocument document = JsonText.parse(value).document();
    if (document.id() != null && !document.id().equals(id)) {
      throw fault(index, "has another id in its value");
    }
    Revision inside = document.revision();
    if (inside != null && revision != null && !inside.equals(revision)) {
      throw fault(index, "has another rev in its value");
    }
    return new Edit.Put(
        bucket, id, base(inside == null ? revision : inside), bodies.limited(document.body()));
  }

  private static Base base(@Nullable Revision revision) {
    return revision == null ? Base.absent() : Base.of(revision);
  }

  /** The text of a member that must be a string. */
  private static String string(byte @Nullable [] json, String name, int index) {
    if (json == null || json[0] != '"') {
      throw fault(index, json == null ? "has no " + name : "has a " + name + " that is no string");
    }
    return ExactTree.read(json).textValue();
  }

  private static ProblemException fault(int index, String reason) {
    return Problem.of(422, "not-processable", "the edit at index " + index + " " + reason)
        .with("index", index)
        .exception();
  }

  private static ProblemException unprocessable(String detail) {
    return Problem.of(422, "not-processable", detail).exception();
  }
}
