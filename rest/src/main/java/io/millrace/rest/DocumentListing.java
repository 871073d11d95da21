package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.rest.http.Listing;
import io.millrace.rest.http.Problem;
import io.millrace.rest.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/** The documents of a range. */
final class DocumentListing implements Listing {
  private final Bucket bucket;
  private final Cursor<Document> documents;
  private final long at;
  private final long limit;
  private long shown;
  private @Nullable Document last;
  private boolean more;

  private DocumentListing(Bucket bucket, Cursor<Document> documents, long at, long limit) {
    this.at = at;
    this.bucket = bucket;
    this.documents = documents;
    this.limit = limit;
  }

  /** Opens a walk over {@code range}. */
  static Listing open(Bucket bucket, DocumentRange range, long limit) {
    // One more than wanted tells whether there is more.
    long read = limit == 0 || limit == Long.MAX_VALUE ? limit : limit + 1;
    return new DocumentListing(bucket, bucket.documents(range.limited(read)), range.at(), limit);
  }

  @Override
  public String rowsName() {
    return "documents";
  }

  @Override
  public boolean advance() {
    if (shown == limit) {
      more = limit > 0 && documents.advance();
      return false;
    }
    if (!documents.advance()) {
      if (shown == 0) {
        requireThere(bucket, at);
      }
      return false;
    }
    last = documents.current();
    shown++;
    return true;
  }

  /** Refuses a bucket that does not exist, or did not at the sequence {@code at}. */
  static void requireThere(Bucket bucket, long at) {
    if (at == DocumentRange.NOW) {
      BucketsResource.existing(bucket);
    } else if (!bucket.existedAt(at)) {
      throw Problem.of(
              404, "bucket-missing", "there was no bucket " + bucket.name() + " at sequence " + at)
          .with("bucket", bucket.name())
          .exception();
    }
  }

  @Override
  public void writeRow(JsonWriter out) {
    DocumentJson.write(out, documents.current(), false);
  }

  @Override
  public void writeTrailing(JsonWriter out) {
    if (more && last != null) {
      out.name("next").string(Cursors.of(last.id()));
    }
  }

  @Override
  public void close() {
    documents.close();
  }
}
