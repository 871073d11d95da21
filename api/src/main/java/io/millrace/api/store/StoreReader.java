package io.millrace.api.store;

import io.millrace.api.range.KeyRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be read from a store, or from a snapshot of it.
 *
 * <p>Keys are compared as unsigned bytes. Arrays given are not changed and not kept; arrays
 * returned belong to the caller. Safe for use by many threads; calls may read from disk.
 */
public interface StoreReader {
  /** The value at {@code key}; null when there is none. */
  byte @Nullable [] get(Keyspace keyspace, byte[] key);

  /**
   * The values at {@code keys}, in their order, null where there is none; all read from one state
   * of the store.
   */
  List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys);

  /** The rows of {@code range}, as they are when the call is made. */
  StoreCursor range(Keyspace keyspace, KeyRange range);
}
