package io.millrace.backend.rocksdb;

import io.millrace.api.error.UnavailableException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/**
 * Hands batches to the database, and waits outside of it while it stops writes, as it does when all
 * write buffers are full.
 *
 * <p>RocksDB 11 would wait itself, at the head of its queue of writers. When the disk becomes full
 * meanwhile, its recovery queues behind that writer, which waits for the recovery: for ever.
 *
 * <p>For any number of threads.
 */
final class PatientWriter {
  private static final long PAUSE_NANOS = 200_000;

  private final RocksDB database;
  private final NativeOptions options;
  private final Path folder;

  PatientWriter(RocksDB database, NativeOptions options, Path folder) {
    this.folder = folder;
    this.database = database;
    this.options = options;
  }

  /**
   * Returns when the batch is in the database.
   *
   * @throws UnavailableException when there is no room in memory and none can be made
   */
  void write(WriteBatch batch) throws RocksDBException {
    if (!wrote(batch)) {
      awaitRoomFor(batch);
    }
  }

  private void awaitRoomFor(WriteBatch batch) throws RocksDBException {
    boolean interrupted = false;
    long errors = property("rocksdb.background-errors");
    try {
      do {
        if (property("rocksdb.is-write-stopped") > 0) {
          requireProgress(errors);
          LockSupport.parkNanos(PAUSE_NANOS);
          interrupted |= Thread.interrupted();
        } else if (property("rocksdb.actual-delayed-write-rate") > 0) {
          // Only slowed down, which ends by itself, and only when it is left to RocksDB.
          database.write(options.slowWrite, batch);
          return;
        }
      } while (!wrote(batch));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * RocksDB tries again and again, since there may be room some day; nobody waits for that here.
   */
  private void requireProgress(long errorsBefore) throws RocksDBException {
    if (property("rocksdb.background-errors") > errorsBefore) {
      throw new UnavailableException(
          "store-failed",
          "RocksDB store "
              + folder
              + ": writing and merging files fails, so that no writes can be taken; the disk may be"
              + " full; the file LOG says why");
    }
  }

  /** Whether it was taken; otherwise it would have had to wait. */
  private boolean wrote(WriteBatch batch) throws RocksDBException {
    try {
      database.write(options.write, batch);
      return true;
    } catch (RocksDBException e) {
      Status status = e.getStatus();
      // What it answers after a failure of its own has the same code and another text.
      if (status != null
          && status.getCode() == Status.Code.Incomplete
          && "Write stall".equals(status.getState())) {
        return false;
      }
      throw e;
    }
  }

  private long property(String name) throws RocksDBException {
    return database.getLongProperty(name);
  }
}
