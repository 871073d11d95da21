package io.millrace.log.store;

import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.log.Log;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.tck.TemporaryFolder;
import io.millrace.tck.log.LogFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A log in a store of the type given.
 *
 * <p>A crash is a copy of the files as they are while the log is open, which is what the end of the
 * process would leave; made again when the store merged files meanwhile.
 */
final class StoreLogFixture implements LogFixture {
  private final TemporaryFolder work = TemporaryFolder.create();
  private final Random random = new Random();
  private final String type;
  private final FlakyStore.Provider provider;
  private int life;

  StoreLogFixture(String type) {
    this.type = type;
    this.provider =
        new FlakyStore.Provider(
            Modules.find("store", StoreProvider.class, StoreLogFixture.class.getClassLoader())
                .named(type));
  }

  @Override
  public Log open() {
    provider.mend();
    return open(folder());
  }

  private Log open(Path folder) {
    StoreLogProvider logs = new StoreLogProvider();
    Modules<StoreProvider> stores = Modules.of("store", List.of(provider));
    return logs.open(
        Settings.parse("", logs.settings(stores), Map.of("type", type, "max-record-size", "2MiB")),
        new ModuleContext(folder, Clock.systemUTC(), random, Meters.none(), stores));
  }

  @Override
  public boolean canCheckpoint() {
    return keepsRecords();
  }

  @Override
  public boolean canRewrite() {
    return true;
  }

  @Override
  public Log openCopy(Path copy) {
    return open(copy);
  }

  private Path folder() {
    return work.path().resolve("log-" + life);
  }

  @Override
  public boolean keepsRecords() {
    return !type.equals("memory");
  }

  @Override
  public boolean canCrash() {
    return keepsRecords();
  }

  @Override
  public boolean canDamage() {
    return keepsRecords();
  }

  @Override
  public void crash(Log log) {
    if (!canCrash()) {
      throw new UnsupportedOperationException("a crash leaves nothing of a store in memory");
    }
    provider.freeze();
    try {
      Path from = folder();
      SortedMap<Path, Long> before;
      do {
        before = lastingFiles(from);
        life++;
      } while (!copied(from, folder()) || before.isEmpty() || !lastingFiles(from).equals(before));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      abandon(log);
    }
  }

  private static void abandon(Log log) {
    try {
      log.close();
    } catch (UnknownOutcomeException e) {
      // Its last records could not be flushed.
    }
  }

  /** The files, with the sizes of those that say which files there are. */
  private static SortedMap<Path, Long> lastingFiles(Path folder) throws IOException {
    SortedMap<Path, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        sizes.put(file, file.toString().contains("MANIFEST") ? Files.size(file) : 0);
      }
    } catch (NoSuchFileException | UncheckedIOException e) {
      sizes.clear(); // a file was removed meanwhile
    }
    return sizes;
  }

  /** Copies; false when a file was removed meanwhile. */
  private static boolean copied(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
      return true;
    } catch (NoSuchFileException | UncheckedIOException e) {
      return false;
    }
  }

  @Override
  public void damage(long sequence) {
    if (!canDamage()) {
      throw new UnsupportedOperationException("there are no stored bytes");
    }
    provider.mend();
    Settings settings = Settings.parse("", provider.settings(), provider.logSettings());
    ModuleContext inner =
        new ModuleContext(folder().resolve(type), Clock.systemUTC(), random, Meters.none());
    byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
    try (Store store = provider.open(settings, inner);
        StoreBatch batch = store.batch()) {
      Keyspace records = store.keyspace("records");
      byte[] row = Objects.requireNonNull(store.get(records, key));
      row[row.length / 2] ^= 0x10;
      batch.put(records, key, row);
      store.write(batch);
    }
  }

  @Override
  public void close() {
    work.close();
  }
}
