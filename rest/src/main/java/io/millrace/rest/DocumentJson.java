package io.millrace.rest;

import io.millrace.api.document.Document;
import io.millrace.api.document.Revision;
import io.millrace.rest.json.JsonWriter;

/** Documents as clients see them: metadata first, then the client's own members. */
final class DocumentJson {
  private DocumentJson() {}

  /** The text of a document; its conflicts are shown only when {@code conflicts}. */
  static byte[] of(Document document, boolean conflicts) {
    JsonWriter json = new JsonWriter(document.body().length() + 6 * document.id().length() + 72);
    write(json, document, conflicts);
    return json.toByteArray();
  }

  /** Writes a document as the next value. */
  static void write(JsonWriter json, Document document, boolean conflicts) {
    json.startObject();
    json.name("id").string(document.id());
    json.name("rev").string(document.revision().toString());
    if (document.deleted()) {
      json.name("deleted").bool(true);
    }
    if (conflicts) {
      json.name("conflicts").startArray();
      for (Revision conflict : document.conflicts()) {
        json.string(conflict.toString());
      }
      json.endArray();
    }
    json.membersOf(document.body().json()).endObject();
  }
}
