package io.millrace.tck.view;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import org.jspecify.annotations.Nullable;

/** A batch that lets a view write in its own keyspace alone. */
final class GuardedBatch implements StoreBatch {
  private final StoreBatch batch;
  private final Keyspace own;

  GuardedBatch(StoreBatch batch, Keyspace own) {
    this.batch = batch;
    this.own = own;
  }

  private void check(Keyspace keyspace) {
    if (!keyspace.name().equals(own.name())) {
      throw new AssertionError("the view writes in the keyspace " + keyspace.name());
    }
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    check(keyspace);
    batch.put(keyspace, key, value);
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    check(keyspace);
    batch.delete(keyspace, key);
  }

  @Override
  public void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
    check(keyspace);
    batch.deleteRange(keyspace, from, to);
  }

  @Override
  public int size() {
    return batch.size();
  }

  @Override
  public void close() {
    throw new AssertionError("the view closes the batch, which is not its own");
  }
}
