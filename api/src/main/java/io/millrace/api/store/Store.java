package io.millrace.api.store;

import java.nio.file.Path;
import java.util.List;

/**
 * Ordered byte keys to byte values in named keyspaces.
 *
 * <p><b>Atomicity.</b> A batch is visible as a whole or not at all, to every reader and after every
 * crash.
 *
 * <p><b>Durability.</b> {@link #write} does not promise that the batch survives a crash: everything
 * here can be computed again from the log. What survives is always a prefix of the batches in the
 * order in which they were written: a later batch never survives an earlier one's loss. {@link
 * #flush()} and {@link #close()} make everything written before them durable.
 *
 * <p><b>Threads.</b> Safe for use by many threads; each read sees every batch whose {@code write}
 * has returned.
 *
 * <p><b>Lifecycle.</b> Made by a provider, used, closed once; closing again does nothing. Closing
 * ends open cursors and snapshots. Afterwards every method but {@link #close()} throws {@link
 * io.millrace.api.error.UnavailableException} with the code {@code store-closed}; so do cursors and
 * snapshots.
 */
public interface Store extends StoreReader, AutoCloseable {
  /**
   * The keyspace called {@code name}, made if it is not there. Thousands of them are cheap. A
   * keyspace that never held a key need not survive.
   *
   * @param name 1 to 512 bytes of UTF-8
   */
  Keyspace keyspace(String name);

  /** The names of the keyspaces that hold keys, and perhaps of empty ones, in order. */
  List<String> keyspaces();

  /** An empty batch for this store. */
  StoreBatch batch();

  /**
   * Applies {@code batch} as a whole.
   *
   * @throws io.millrace.api.error.UnavailableException when the batch was not applied: the store is
   *     closed, or out of space. The same changes may be tried again in a new batch; they are
   *     refused until what made the store fail is mended. Reads go on
   */
  void write(StoreBatch batch);

  /** The whole store as it is now. */
  StoreSnapshot snapshot();

  /**
   * Removes a keyspace with all its keys, soon if not at once; space is given back later. One step
   * in the order of the batches. A keyspace made later under the same name is empty.
   */
  void drop(Keyspace keyspace);

  /** Makes everything that was written durable. */
  void flush();

  /**
   * Writes a consistent copy of the whole store to {@code folder}, which a provider can open. Hard
   * links may be used.
   *
   * @param folder must not exist; its parent must
   */
  void checkpoint(Path folder);

  /**
   * The bytes that the store occupies on disk, or in memory for one that is not on disk;
   * approximate.
   */
  long sizeBytes();

  @Override
  void close();
}
