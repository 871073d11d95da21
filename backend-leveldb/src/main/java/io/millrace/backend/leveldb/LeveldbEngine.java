package io.millrace.backend.leveldb;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.backend.flat.FlatChange;
import io.millrace.backend.flat.FlatEngine;
import io.millrace.backend.flat.FlatMoment;
import io.millrace.backend.flat.FlatReader;
import io.millrace.backend.flat.FlatWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBException;
import org.iq80.leveldb.DBFactory;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.Snapshot;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;
import org.jspecify.annotations.Nullable;

/**
 * One LevelDB database, written without forcing.
 *
 * <p><b>Why what survives a crash is a prefix of the writes.</b> LevelDB appends each batch to its
 * log before it applies it, and a log becomes obsolete only when a synced table file holds its
 * rows. After the end of the process or a loss of power, the unforced end of the log may be torn or
 * have holes, since it is written through a memory map. LevelDB itself either refuses such a log or
 * skips holes, depending on an option; {@link LogTail} cuts it at the first flaw beforehand.
 *
 * <p><b>Forcing</b> is a synced write of the mark, a row beyond all keyspaces; when it has
 * returned, another write confirms it, {@linkplain ForcedMark unforced}. A confirmation that is
 * found behind a flaw in the log tells damage from a torn end: what lies before it was whole on
 * disk once.
 *
 * <p><b>Damage.</b> LevelDB verifies what it reads, except the indexes of tables; {@link
 * TableCheck} reads those before each opening.
 *
 * <p><b>Failure.</b> After a failed write nothing more is written until the database is opened
 * again: the log may hold a part of a batch. Since files are memory maps, a full disk would end the
 * process ({@code SIGBUS}); {@link DiskSpace} refuses writes before that.
 */
final class LeveldbEngine implements FlatEngine {
  private final DB database;
  private final DiskSpace space;
  private final Path folder;
  private final FlatReader newest;
  private final WriteOptions unforced = new WriteOptions();
  private final WriteOptions forced = new WriteOptions().sync(true);
  private @Nullable MillraceException failure;

  private LeveldbEngine(DB database, DiskSpace space, Path folder) {
    this.database = database;
    this.space = space;
    this.folder = folder;
    this.newest = new LeveldbReader(database, verified(), folder);
  }

  /** Opens the database in {@code folder}, which is there. */
  static LeveldbEngine open(DBFactory library, Path folder, LeveldbSettings settings) {
    LeveldbEngine engine = null;
    boolean opened = false;
    try {
      DiskSpace space = DiskSpace.of(folder, settings.writeBufferBytes());
      space.requireForOpening(settings.writeBufferBytes());
      new TableCheck(folder).require(new LogTail(folder).mend());
      engine = new LeveldbEngine(library.open(folder.toFile(), settings.options()), space, folder);
      if (engine.get(ForcedMark.KEY) == null) {
        engine.flush();
      }
      opened = true;
      return engine;
    } catch (IOException e) {
      throw Failures.of("opening", folder, e);
    } finally {
      if (engine != null && !opened) {
        engine.close();
      }
    }
  }

  /** Damaged blocks are reported; LevelDB would not look otherwise. */
  private static ReadOptions verified() {
    return new ReadOptions().verifyChecksums(true);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return newest.get(key);
  }

  @Override
  public FlatWalk walk(byte[] from, byte[] to, boolean reverse) {
    return newest.walk(from, to, reverse);
  }

  @Override
  public FlatMoment moment() {
    Snapshot snapshot = database.getSnapshot();
    FlatReader reader = new LeveldbReader(database, verified().snapshot(snapshot), folder);
    return new FlatMoment() {
      @Override
      public byte @Nullable [] get(byte[] key) {
        return reader.get(key);
      }

      @Override
      public FlatWalk walk(byte[] from, byte[] to, boolean reverse) {
        return reader.walk(from, to, reverse);
      }

      @Override
      public void close() {
        closeQuietly(snapshot);
      }
    };
  }

  @Override
  public void write(List<FlatChange> changes) {
    requireSound();
    long bytes = 0;
    for (FlatChange change : changes) {
      bytes += change.bytes();
    }
    space.require(bytes);
    write(changes, unforced);
  }

  @Override
  public void flush() {
    requireSound();
    space.requireForForcing();
    write(List.of(ForcedMark.FORCING), forced);
    write(List.of(ForcedMark.CONFIRMED), unforced);
  }

  private void write(List<FlatChange> changes, WriteOptions options) {
    WriteBatch batch = database.createWriteBatch();
    try {
      for (FlatChange change : changes) {
        byte[] value = change.value();
        if (value == null) {
          batch.delete(change.key());
        } else {
          batch.put(change.key(), value);
        }
      }
      database.write(batch, options);
    } catch (DBException e) {
      failure = Failures.of("writing a batch", folder, e);
      throw failure;
    } finally {
      closeQuietly(batch);
    }
  }

  private void requireSound() {
    if (failure != null) {
      throw new UnavailableException(
          "store-failed",
          Failures.at(
              folder,
              "an earlier write failed, nothing more is written until it is opened again ("
                  + failure.getMessage()
                  + ")"),
          failure);
    }
  }

  @Override
  public void close() {
    closeQuietly(database);
  }

  /** The interfaces declare what native objects do not throw. */
  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("a native object could not be freed", e);
    }
  }
}
