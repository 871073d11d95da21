package io.millrace.backend.flat;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store at one moment. Has a gate of its own, since other threads may read while it closes. */
final class FlatSnapshot implements StoreSnapshot {
  private final FlatStore store;
  private final FlatMoment moment;
  private final long drops;
  private final UseGate gate;
  private final OpenChildren children;
  private final Runnable release;

  /**
   * @param drops how many keyspaces had been dropped at the moment
   * @param gate within the store's
   */
  FlatSnapshot(
      FlatStore store, FlatMoment moment, long drops, UseGate gate, OpenChildren children) {
    this.store = store;
    this.moment = moment;
    this.drops = drops;
    this.gate = gate;
    this.children = children;
    this.release = moment::close;
    children.add(release);
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    FlatKeyspace own = store.own(keyspace);
    gate.enter();
    try {
      return own.livedBefore(drops) ? moment.get(own.stored(key)) : null;
    } finally {
      gate.leave();
    }
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    FlatKeyspace own = store.own(keyspace);
    gate.enter();
    try {
      return all(moment, own, own.livedBefore(drops), keys);
    } finally {
      gate.leave();
    }
  }

  static List<byte @Nullable []> all(
      FlatReader reader, FlatKeyspace keyspace, boolean alive, List<byte[]> keys) {
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      values.add(alive ? reader.get(keyspace.stored(key)) : null);
    }
    return values;
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    FlatKeyspace own = store.own(keyspace);
    gate.enter();
    try {
      FlatWalk walk = own.livedBefore(drops) ? own.walk(moment, range) : null;
      return new FlatCursor(walk, gate, children);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void close() {
    gate.shut();
    children.release(release);
  }
}
