package io.millrace.api;

import io.millrace.api.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Which documents of a bucket are listed, and how.
 *
 * @param start the lowest id, included; null for no bound
 * @param end the first id beyond, excluded; null for no bound
 * @param prefix what ids begin with; null for anything
 * @param after go on after this id, in the direction of the walk; null to start at the bound
 * @param reverse whether the highest id comes first
 * @param at the sequence after which the documents are seen; {@link #NOW} for the present
 * @param bodies whether bodies are read; otherwise they are empty
 * @param limit the most documents delivered; {@link Long#MAX_VALUE} for no limit; 0 delivers none.
 *     No more than these are read
 */
public record DocumentRange(
    @Nullable String start,
    @Nullable String end,
    @Nullable String prefix,
    @Nullable String after,
    boolean reverse,
    long at,
    boolean bodies,
    long limit) {
  /** The present, in {@link #at}. */
  public static final long NOW = Long.MAX_VALUE;

  private static final DocumentRange ALL =
      new DocumentRange(null, null, null, null, false, NOW, true);

  public DocumentRange {
    if (limit < 0) {
      throw new InvalidRequestException("invalid-range", "limit must be 0 or more, not " + limit);
    }
  }

  /** Without a limit. */
  public DocumentRange(
      @Nullable String start,
      @Nullable String end,
      @Nullable String prefix,
      @Nullable String after,
      boolean reverse,
      long at,
      boolean bodies) {
    this(start, end, prefix, after, reverse, at, bodies, Long.MAX_VALUE);
  }

  /** All documents as they are now, lowest id first, with bodies. */
  public static DocumentRange all() {
    return ALL;
  }

  /** The same documents as they were right after {@code sequence}. */
  public DocumentRange at(long sequence) {
    return new DocumentRange(start, end, prefix, after, reverse, sequence, bodies, limit);
  }

  /** The same documents, at most {@code most} of them. */
  public DocumentRange limited(long most) {
    return new DocumentRange(start, end, prefix, after, reverse, at, bodies, most);
  }
}
