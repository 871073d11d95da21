package io.millrace.engine.read;

import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows which states of the database are being read: a body that one of them shows must not be
 * forgotten before the read has ended. So nothing is forgotten that was superseded after {@link
 * #value}.
 *
 * <p>A read holds first and then makes its snapshot, or its cursor. If the horizon is asked for
 * before it holds, the snapshot shows that horizon or more, since the sequence of the database
 * moves after the index was written; and what was superseded up to there is in no such snapshot.
 *
 * <p>Safe for use by many threads.
 */
public final class ReadHorizon {
  private final ObservableSequence since;
  private final Map<Held, Long> reads = new ConcurrentHashMap<>();

  /**
   * @param since the last sequence in the index
   */
  public ReadHorizon(ObservableSequence since) {
    this.since = since;
  }

  /** A read that goes on until it is closed; closing again does nothing. */
  public final class Held implements AutoCloseable {
    private Held() {}

    @Override
    public void close() {
      reads.remove(this);
    }
  }

  /** Holds the present state. */
  public Held hold() {
    return hold(Long.MAX_VALUE);
  }

  /** Holds the state right after {@code sequence}, or the present one if that is earlier. */
  Held hold(long sequence) {
    Held held = new Held();
    reads.put(held, Math.min(since.value(), sequence));
    return held;
  }

  /** The oldest state that is being read, or the present one when none is. */
  public long value() {
    long present = since.value();
    return reads.values().stream().mapToLong(Long::longValue).reduce(present, Math::min);
  }

  /** A snapshot of {@code store} that holds its state until it is closed. */
  public StoreSnapshot snapshot(Store store) {
    Held held = hold();
    try {
      return new HeldSnapshot(store.snapshot(), held);
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  private record HeldSnapshot(StoreSnapshot snapshot, Held held) implements StoreSnapshot {
    @Override
    public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
      return snapshot.get(keyspace, key);
    }

    @Override
    public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
      return snapshot.getAll(keyspace, keys);
    }

    @Override
    public StoreCursor range(Keyspace keyspace, KeyRange range) {
      return snapshot.range(keyspace, range);
    }

    @Override
    public void close() {
      try {
        snapshot.close();
      } finally {
        held.close();
      }
    }
  }
}
