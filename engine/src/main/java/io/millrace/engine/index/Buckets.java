package io.millrace.engine.index;

import io.millrace.api.BucketInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All buckets of a database, in memory: some two hundred bytes for each, dropped ones included.
 *
 * <p>Changed by the writer alone, read by anyone.
 */
public final class Buckets {
  private final Map<Integer, BucketState> byNumber = new ConcurrentHashMap<>();
  private final Map<String, List<BucketState>> lives = new ConcurrentHashMap<>();
  private volatile int highestNumber;

  /** The life of {@code name} that exists now; null when there is none. */
  public @Nullable BucketState named(String name) {
    List<BucketState> all = lives(name);
    // The newest comes last and is nearly always the one; an older one may have been brought back.
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).droppedSequence() == 0) {
        return all.get(i);
      }
    }
    return null;
  }

  /**
   * The life of {@code name} that existed right after {@code sequence}; null when there was none.
   */
  public @Nullable BucketState namedAt(String name, long sequence) {
    for (BucketState life : lives(name)) {
      if (life.existedAt(sequence)) {
        return life;
      }
    }
    return null;
  }

  /** The names of all buckets that exist or existed. */
  public Set<String> names() {
    return Set.copyOf(lives.keySet());
  }

  /** Every life of {@code name}, in the order in which they were made. */
  public List<BucketState> lives(String name) {
    return lives.getOrDefault(name, List.of());
  }

  /**
   * A time in which one life of a name lasted.
   *
   * @param last the last sequence of it; {@link Long#MAX_VALUE} while it lasts
   */
  public record Span(BucketState bucket, long first, long last) {}

  /** When there was a bucket called {@code name}, and which one, oldest first; none overlap. */
  public List<Span> spans(String name) {
    List<Span> spans = new ArrayList<>();
    for (BucketState life : lives(name)) {
      for (Lifetime.Span span : life.lifetime().spans()) {
        spans.add(new Span(life, span.first(), span.last()));
      }
    }
    spans.sort(Comparator.comparingLong(Span::first));
    return spans;
  }

  /** Every life of every bucket, in no order. */
  public Collection<BucketState> all() {
    return List.copyOf(byNumber.values());
  }

  /** The life with this number; null when there is none. */
  public @Nullable BucketState numbered(int number) {
    return byNumber.get(number);
  }

  /** The highest number given so far; 0 at first. */
  public int highestNumber() {
    return highestNumber;
  }

  /** What is known of all that exist, by name. */
  public List<BucketInfo> infos() {
    Map<String, BucketInfo> infos = new TreeMap<>();
    lives.forEach(
        (name, all) -> {
          BucketState present = named(name);
          if (present != null) {
            infos.put(name, present.info());
          }
        });
    return List.copyOf(infos.values());
  }

  /** What is known of one bucket; null when it does not exist. */
  public @Nullable BucketInfo info(String name) {
    BucketState state = named(name);
    return state == null ? null : state.info();
  }

  void add(BucketState bucket) {
    byNumber.put(bucket.number(), bucket);
    lives.merge(
        bucket.name(),
        List.of(bucket),
        (older, newer) -> {
          List<BucketState> all = new ArrayList<>(older);
          all.addAll(newer);
          return List.copyOf(all);
        });
    highestNumber = Math.max(highestNumber, bucket.number());
  }
}
