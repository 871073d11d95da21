package io.millrace.sync;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.KeyRange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of ids in the order of their bytes in UTF-8, a direction and a limit.
 *
 * @param gt the id that comes before all; null for no such bound
 * @param gte the lowest id; null for no such bound
 * @param lt the first id beyond; null for no such bound
 * @param lte the highest id; null for no such bound
 * @param reverse whether the highest comes first
 * @param limit the most that is delivered, counting what passes a filter
 */
public record IdRange(
    @Nullable String gt,
    @Nullable String gte,
    @Nullable String lt,
    @Nullable String lte,
    boolean reverse,
    int limit) {
  private static final IdRange ALL = new IdRange(null, null, null, null, false, Integer.MAX_VALUE);

  public IdRange {
    if (limit < 0) {
      throw new InvalidRequestException("invalid-range", "limit must be 0 or more, not " + limit);
    }
    if (gt != null && gte != null || lt != null && lte != null) {
      throw new InvalidRequestException("invalid-range", "a range has one bound on each side");
    }
  }

  /** Every id, lowest first. */
  public static IdRange all() {
    return ALL;
  }

  /** Those above {@code id}. */
  public IdRange gt(String id) {
    return new IdRange(id, null, lt, lte, reverse, limit);
  }

  /** {@code id} and those above. */
  public IdRange gte(String id) {
    return new IdRange(null, id, lt, lte, reverse, limit);
  }

  /** Those below {@code id}. */
  public IdRange lt(String id) {
    return new IdRange(gt, gte, id, null, reverse, limit);
  }

  /** {@code id} and those below. */
  public IdRange lte(String id) {
    return new IdRange(gt, gte, null, id, reverse, limit);
  }

  /** The same range in the other or the same direction. */
  public IdRange reversed(boolean highestFirst) {
    return new IdRange(gt, gte, lt, lte, highestFirst, limit);
  }

  /** The same range, at most {@code most} of it. */
  public IdRange limited(int most) {
    return new IdRange(gt, gte, lt, lte, reverse, most);
  }

  KeyRange keys() {
    byte[] from = gte != null ? utf8(gte) : gt != null ? after(gt) : new byte[0];
    byte[] to = lt != null ? utf8(lt) : lte != null ? after(lte) : null;
    return new KeyRange(from, to, reverse);
  }

  /**
   * Ids hold no control characters, so nothing lies between an id and the same with a zero byte.
   */
  private static byte[] after(String id) {
    byte[] utf8 = utf8(id);
    return Arrays.copyOf(utf8, utf8.length + 1);
  }

  static byte[] utf8(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }
}
