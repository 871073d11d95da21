package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Body;
import io.millrace.api.document.Document;
import io.millrace.api.document.DocumentId;
import io.millrace.rest.http.Listing;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.PathSegments;
import io.millrace.rest.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The documents named by the parameter {@code ids}, as far as they are there. */
final class PickedDocuments implements Listing {
  private final Bucket bucket;
  private final Iterator<String> ids;
  private final boolean bodies;
  private final long at;
  private final long limit;
  private @Nullable Document current;
  private long shown;

  private PickedDocuments(
      Bucket bucket, Iterator<String> ids, boolean bodies, long at, long limit) {
    this.bucket = bucket;
    this.ids = ids;
    this.bodies = bodies;
    this.at = at;
    this.limit = limit;
  }

  /** Reads the parameter; in it, a comma of an id is written {@code %2C}. */
  static Listing of(Bucket bucket, Parameters parameters, Database database) {
    for (String range : new String[] {"start", "end", "prefix", "after"}) {
      if (parameters.has(range)) {
        throw Parameters.refused(range, "cannot be given together with ids");
      }
    }
    TreeSet<String> ids = new TreeSet<>(PickedDocuments::compareBytes);
    for (String encoded : String.valueOf(parameters.encodedText("ids")).split(",")) {
      if (!encoded.isEmpty()) {
        ids.add(DocumentId.require(PathSegments.percentDecode(encoded, true)));
      }
    }
    long at = parameters.at("at", database, DocumentRange.NOW);
    DocumentListing.requireThere(bucket, at);
    return new PickedDocuments(
        bucket,
        parameters.flag("reverse", false) ? ids.descendingIterator() : ids.iterator(),
        parameters.flag("body", true),
        at,
        parameters.count("limit", Long.MAX_VALUE));
  }

  private static int compareBytes(String one, String other) {
    return Arrays.compareUnsigned(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String rowsName() {
    return "documents";
  }

  @Override
  public boolean advance() {
    while (shown < limit && ids.hasNext()) {
      String id = ids.next();
      Optional<Document> found = at == DocumentRange.NOW ? bucket.find(id) : bucket.findAt(id, at);
      if (found.isPresent() && !found.get().deleted()) {
        current = found.get();
        shown++;
        return true;
      }
    }
    return false;
  }

  @Override
  public void writeRow(JsonWriter out) {
    Document document = Objects.requireNonNull(current);
    DocumentJson.write(out, bodies ? document : withoutBody(document), false);
  }

  private static Document withoutBody(Document document) {
    return new Document(
        document.bucket(),
        document.id(),
        document.revision(),
        document.sequence(),
        document.deleted(),
        Body.EMPTY,
        document.conflicts());
  }

  @Override
  public void close() {}
}
