package io.millrace.engine.read;

import io.millrace.api.document.Difference;
import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.ChangedBetween;
import io.millrace.engine.index.PastState;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.log.RecordReader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns documents whose winner changed into differences of what clients see. */
final class DifferenceCursor implements Cursor<Difference> {
  private final DocumentReader documents;
  private final NearbyRecords recordsBefore;
  private final NearbyRecords recordsAfter;
  private final @Nullable BucketState before;
  private final @Nullable BucketState after;
  private final ChangedBetween changed;
  private final Set<Difference.Kind> kinds;
  private final boolean bodies;
  private @Nullable Difference current;

  /**
   * @param before the life of the bucket where the difference begins; null when there was none
   * @param after the life of the bucket where the difference ends; null when there was none
   */
  DifferenceCursor(
      DocumentReader documents,
      RecordReader records,
      @Nullable BucketState before,
      @Nullable BucketState after,
      ChangedBetween changed,
      Set<Difference.Kind> kinds,
      boolean bodies) {
    this.documents = documents;
    this.recordsBefore = records.nearby();
    this.recordsAfter = records.nearby();
    this.before = before;
    this.after = after;
    this.changed = changed;
    this.kinds = Set.copyOf(kinds);
    this.bodies = bodies;
  }

  @Override
  public boolean advance() {
    current = null;
    while (current == null && changed.advance()) {
      current = difference(changed.current());
    }
    return current != null;
  }

  private @Nullable Difference difference(ChangedBetween.Pair pair) {
    if (pair.id().startsWith("_")) {
      return null;
    }
    boolean was = isLive(pair.before());
    boolean is = isLive(pair.after());
    Difference.Kind kind =
        was ? is ? Difference.Kind.UPDATED : Difference.Kind.DELETED : Difference.Kind.CREATED;
    if (!was && !is || !kinds.contains(kind)) {
      return null;
    }
    Document first = was ? document(before, pair.id(), pair.before(), recordsBefore) : null;
    Document second = is ? document(after, pair.id(), pair.after(), recordsAfter) : null;
    if (first != null && second != null && first.revision().equals(second.revision())) {
      return null;
    }
    return new Difference(
        pair.id(),
        first,
        second,
        bodies && first != null && second != null
            ? JsonDifference.between(first.body(), second.body())
            : null);
  }

  private boolean isLive(@Nullable PastState state) {
    return state != null && !documents.isDeleted(state);
  }

  private @Nullable Document document(
      @Nullable BucketState bucket, String id, @Nullable PastState state, NearbyRecords records) {
    return bucket == null || state == null
        ? null
        : documents.winner(bucket, id, state, bodies, records::change);
  }

  @Override
  public Difference current() {
    if (current == null) {
      throw new IllegalStateException("not on a difference");
    }
    return current;
  }

  @Override
  public void close() {
    recordsBefore.close();
    recordsAfter.close();
    changed.close();
  }
}
