package io.millrace.backend.xodus;

import io.millrace.api.error.MillraceException;
import io.millrace.backend.flat.FlatMoment;
import io.millrace.backend.flat.FlatWalk;
import java.nio.file.Path;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A read-only transaction.
 *
 * <p>Transactions are for one thread at a time, so each read is a transaction of its own on the
 * same state.
 */
final class XodusMoment implements FlatMoment {
  private final Store rows;
  private final Transaction transaction;
  private final Path folder;

  XodusMoment(Store rows, Transaction transaction, Path folder) {
    this.rows = rows;
    this.transaction = transaction;
    this.folder = folder;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    Transaction own = transaction.getReadonlySnapshot();
    try {
      return get(rows, own, key, folder);
    } catch (MillraceException e) {
      throw e;
    } catch (RuntimeException e) { // the library throws of many types
      throw Failures.of("reading a key", folder, e);
    } finally {
      own.abort();
    }
  }

  static byte @Nullable [] get(Store rows, Transaction transaction, byte[] key, Path folder) {
    ByteIterable stored = rows.get(transaction, new ArrayByteIterable(key));
    return stored == null ? null : CheckedRow.value(key, stored, folder);
  }

  @Override
  public FlatWalk walk(byte[] from, byte[] to, boolean reverse) {
    return XodusWalk.open(rows, transaction.getReadonlySnapshot(), from, to, reverse, folder);
  }

  @Override
  public void close() {
    transaction.abort();
  }
}
