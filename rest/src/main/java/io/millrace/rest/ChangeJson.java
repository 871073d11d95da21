package io.millrace.rest;

import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.rest.json.JsonWriter;

/** Entries of the activity as clients see them. */
final class ChangeJson {
  private ChangeJson() {}

  /**
   * Writes an entry as the next value.
   *
   * @param bucket whether the entry names its bucket
   */
  static void write(JsonWriter json, Change change, boolean bucket) {
    json.startObject();
    json.name("seq").number(change.sequence());
    if (bucket) {
      json.name("bucket").string(change.bucket());
    }
    json.name("id").string(change.id());
    json.name("changes").startArray().string(change.revision().toString()).endArray();
    if (change.deleted()) {
      json.name("deleted").bool(true);
    }
    HistoryJson.writeWho(json, change.commit());
    json.name("kind").string(change.commit().kind().word());
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
}
