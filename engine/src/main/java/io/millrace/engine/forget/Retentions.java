package io.millrace.engine.forget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Retention;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.Edit;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.log.RecordReader;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The retentions of buckets, each kept in a document of the bucket itself: so they have history,
 * and are wherever the bucket is. Safe for use by many threads.
 */
public final class Retentions {
  /** The document of a bucket that says what it keeps. */
  public static final String ID = "_retention";

  private static final String KEEP = "keep";
  private static final String AGE = "age";

  private final DocumentIndex index;
  private final RecordReader records;

  public Retentions(DocumentIndex index, RecordReader records) {
    this.index = index;
    this.records = records;
  }

  /** That of {@code bucket}; null when it keeps all. */
  public @Nullable Retention of(BucketState bucket) {
    DocumentRow row = index.row(bucket.number(), ID);
    if (row == null || !row.leaves().live()) {
      return null;
    }
    long sequence = row.winner().sequence();
    ObjectNode body = Body.ofCheckedJson(records.change(sequence).body()).tree();
    JsonNode keep = body.get(KEEP);
    JsonNode age = body.get(AGE);
    try {
      return new Retention(
          keep == null ? null : keep.intValue(), age == null ? null : Duration.parse(age.asText()));
    } catch (InvalidRequestException | DateTimeParseException e) {
      throw new CorruptionException(
          "log record " + sequence, "a retention was expected: " + e.getMessage());
    }
  }

  /** The edit by which {@code bucket} has {@code retention}; null for none. */
  public static Edit edit(String bucket, @Nullable Retention retention) {
    if (retention == null) {
      return new Edit.Delete(bucket, ID, Base.any());
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (retention.keep() != null) {
      body.put(KEEP, retention.keep());
    }
    if (retention.age() != null) {
      body.put(AGE, retention.age().toString());
    }
    return new Edit.Put(bucket, ID, Base.any(), Body.of(body));
  }
}
