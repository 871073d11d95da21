package io.millrace.engine.rollback;

import io.millrace.api.error.NotFoundException;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.Buckets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of buckets so that they are as they were.
 *
 * @param dropped those that exist and did not
 * @param revived those that existed and do not
 * @param restored those that will exist: the revived ones, and those that exist now and did then
 */
record Restoration(
    List<BucketState> dropped, List<BucketState> revived, List<BucketState> restored) {
  /**
   * That of one bucket.
   *
   * @throws NotFoundException when it did not exist right after {@code to}
   */
  static Restoration of(Buckets buckets, String name, long to) {
    if (buckets.namedAt(name, to) == null) {
      throw new NotFoundException(
          "unknown-target", "the bucket " + name + " did not exist at sequence " + to);
    }
    return of(buckets, Set.of(name), to);
  }

  /** That of all buckets. */
  static Restoration ofAll(Buckets buckets, long to) {
    return of(buckets, new TreeSet<>(buckets.names()), to);
  }

  private static Restoration of(Buckets buckets, Set<String> names, long to) {
    List<BucketState> dropped = new ArrayList<>();
    List<BucketState> revived = new ArrayList<>();
    List<BucketState> restored = new ArrayList<>();
    for (String name : names) {
      @Nullable BucketState now = buckets.named(name);
      @Nullable BucketState then = buckets.namedAt(name, to);
      if (now != null && now != then) {
        dropped.add(now);
      }
      if (then != null) {
        restored.add(then);
        if (now != then) {
          revived.add(then);
        }
      }
    }
    return new Restoration(dropped, revived, restored);
  }
}
