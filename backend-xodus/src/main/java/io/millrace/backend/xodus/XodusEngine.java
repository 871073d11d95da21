package io.millrace.backend.xodus;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.backend.flat.FlatChange;
import io.millrace.backend.flat.FlatEngine;
import io.millrace.backend.flat.FlatMoment;
import io.millrace.backend.flat.FlatWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.env.EnvironmentImpl;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import jetbrains.exodus.log.LogConfig;
import org.jspecify.annotations.Nullable;

/**
 * One Xodus environment with one tree.
 *
 * <p><b>Why what survives a crash is a prefix of the writes.</b> Xodus appends to its log only: the
 * changed nodes of the tree, then a new root. Each write is one transaction. After a crash it goes
 * back to the last root that it finds whole.
 *
 * <p><b>Damage.</b> Xodus 2.0 has no checksums. {@link FileSums} find changed files when the store
 * is opened, as far as they were flushed, {@link CheckedRow} changed rows whenever they are read.
 * What damage does to the tree behind the last flush before a crash is not noticed otherwise.
 *
 * <p><b>Failure.</b> After a failed write nothing more is written until the environment is opened
 * again.
 */
final class XodusEngine implements FlatEngine {
  private static final String ROWS = "rows";

  /** The highest row, written whenever the store is opened. */
  private static final byte[] MARK = {-1, -1, -1, -1, -1};

  private final EnvironmentImpl environment;
  private final Store rows;
  private final Path folder;
  private final FileSums sums;
  private final long mostValueBytes;
  private @Nullable MillraceException failure;

  private XodusEngine(
      EnvironmentImpl environment, Store rows, Path folder, FileSums sums, long mostValueBytes) {
    this.environment = environment;
    this.rows = rows;
    this.folder = folder;
    this.sums = sums;
    this.mostValueBytes = mostValueBytes;
  }

  /** Opens the environment in {@code folder}, which is there. */
  static XodusEngine open(Path folder, XodusSettings settings) {
    EnvironmentImpl environment = null;
    try {
      FileSums sums = new FileSums(folder);
      sums.verify();
      XodusSettings own = settings.forFilesIn(folder);
      environment = environment(folder, own);
      EnvironmentImpl opened = environment;
      Store rows =
          opened.computeInTransaction(
              transaction -> opened.openStore(ROWS, StoreConfig.WITHOUT_DUPLICATES, transaction));
      sums.begin();
      XodusEngine engine = new XodusEngine(opened, rows, folder, sums, own.fileBytes() / 2);
      // Xodus forgets to close a file when it is closed before it has written anything.
      engine.write(List.of(new FlatChange(MARK, new byte[0])));
      environment = null;
      return engine;
    } catch (MillraceException e) {
      throw e;
    } catch (IOException e) {
      throw Failures.unavailable("opening", folder, e);
    } catch (RuntimeException e) { // the library throws of many types
      throw Failures.of("opening", folder, e);
    } finally {
      if (environment != null) {
        environment.close();
      }
    }
  }

  private static EnvironmentImpl environment(Path folder, XodusSettings settings) {
    LogConfig files = new LogConfig().setLocation(folder.toString());
    boolean opened = false;
    try {
      EnvironmentImpl environment =
          (EnvironmentImpl) Environments.newInstance(files, settings.config());
      opened = true;
      return environment;
    } finally {
      if (!opened) {
        // Xodus keeps its lock when it fails. A handle of the folder may be left to the collector.
        files.getWriter().release();
        files.getWriter().close();
      }
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    Transaction transaction = environment.beginReadonlyTransaction();
    try {
      return XodusMoment.get(rows, transaction, key, folder);
    } catch (MillraceException e) {
      throw e;
    } catch (RuntimeException e) { // the library throws of many types
      throw Failures.of("reading a key", folder, e);
    } finally {
      transaction.abort();
    }
  }

  @Override
  public FlatWalk walk(byte[] from, byte[] to, boolean reverse) {
    return XodusWalk.open(rows, environment.beginReadonlyTransaction(), from, to, reverse, folder);
  }

  @Override
  public FlatMoment moment() {
    return new XodusMoment(rows, environment.beginReadonlyTransaction(), folder);
  }

  @Override
  public void write(List<FlatChange> changes) {
    requireSound();
    changes.forEach(this::requireRoom);
    Transaction transaction = environment.beginExclusiveTransaction();
    try {
      for (FlatChange change : changes) {
        ArrayByteIterable key = new ArrayByteIterable(change.key());
        byte[] value = change.value();
        if (value == null) {
          rows.delete(transaction, key);
        } else {
          rows.put(transaction, key, CheckedRow.stored(change.key(), value));
        }
      }
      if (!transaction.commit()) {
        throw new IllegalStateException("an exclusive transaction was overtaken");
      }
    } catch (RuntimeException e) { // the library throws of many types
      throw failed("writing a batch", e);
    } finally {
      if (!transaction.isFinished()) {
        transaction.abort();
      }
    }
  }

  @Override
  public void flush() {
    requireSound();
    try {
      environment.flushAndSync();
      sums.note(false);
    } catch (IOException e) {
      failure = Failures.unavailable("flushing", folder, e);
      throw failure;
    } catch (RuntimeException e) { // the library throws of many types
      throw failed("flushing", e);
    }
  }

  private void requireRoom(FlatChange change) {
    if (change.bytes() > mostValueBytes) {
      throw new InvalidRequestException(
          "value-too-large",
          Failures.at(
              folder,
              "a row of "
                  + change.bytes()
                  + " bytes is longer than half a file, "
                  + mostValueBytes
                  + " bytes; the setting file-size says how long files are in a new store"));
    }
  }

  private MillraceException failed(String what, RuntimeException e) {
    MillraceException known = Failures.of(what, folder, e);
    failure = known;
    return known;
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
    try {
      environment.close();
      if (failure == null) {
        sums.note(true);
      }
    } catch (IOException e) {
      throw Failures.unavailable("closing", folder, e);
    } catch (RuntimeException e) { // the library throws of many types
      throw Failures.of("closing", folder, e);
    }
  }
}
