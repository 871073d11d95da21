package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.document.Document;
import io.millrace.api.view.Row;
import io.millrace.rest.json.JsonWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of a query as clients see them. */
final class RowJson {
  private RowJson() {}

  /**
   * Writes the members of a row into the object that is open.
   *
   * @param documents where the row's document is looked up as it is now; null when it is not shown
   */
  static void writeMembers(JsonWriter out, Row row, @Nullable Bucket documents) {
    if (row.identified()) {
      out.name("id").string(row.documentId());
    }
    out.name("key").json(row.key());
    out.name("value").json(row.value());
    if (documents != null && !row.documentId().isEmpty()) {
      out.name("document");
      Optional<Document> document = documents.get(row.documentId());
      if (document.isPresent()) {
        DocumentJson.write(out, document.get(), false);
      } else {
        out.string(null);
      }
    }
  }
}
