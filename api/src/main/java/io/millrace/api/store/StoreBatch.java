package io.millrace.api.store;

import org.jspecify.annotations.Nullable;

/**
 * Changes to be made together, in the order in which they were added, across any keyspaces of one
 * store.
 *
 * <p>Made by {@link Store#batch()}, filled by one thread at a time, then given to {@link
 * Store#write} once or closed. A later change of a key overrides an earlier one. Arrays given may
 * be changed by the caller as soon as the call returns.
 */
public interface StoreBatch extends AutoCloseable {
  /**
   * Sets the value at {@code key}.
   *
   * @param key 0 to 65,535 bytes
   * @param value may be empty
   */
  void put(Keyspace keyspace, byte[] key, byte[] value);

  /** Removes {@code key}, if it is there. */
  void delete(Keyspace keyspace, byte[] key);

  /**
   * Removes all keys from {@code from}, included, up to {@code to}, excluded; null for all that
   * follow.
   */
  void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to);

  /** How many changes were added. */
  int size();

  /** Gives up the batch, or does nothing when it was written. */
  @Override
  void close();
}
