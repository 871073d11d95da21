package io.millrace.backend.leveldb;

import io.millrace.api.error.MillraceException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.backend.flat.FlatChange;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.tck.TemporaryFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** One place for a store with a keyspace {@code rows}. */
final class TestStore implements AutoCloseable {
  private final StoreProvider provider =
      Modules.find("store", StoreProvider.class, getClass().getClassLoader()).named("leveldb");
  private final TemporaryFolder work = TemporaryFolder.create();

  Path folder() {
    return work.path().resolve("store");
  }

  Path work() {
    return work.path();
  }

  Store open() {
    return open(Map.of());
  }

  Store open(Map<String, String> settings) {
    return provider.open(
        Settings.parse("", provider.settings(), settings),
        new ModuleContext(folder(), Clock.systemUTC(), new Random(1), Meters.none()));
  }

  /** The engine under the store. */
  LeveldbEngine engine() {
    return LeveldbEngine.open(
        NativeLibrary.factory(),
        folder(),
        LeveldbSettings.of(Settings.defaults(LeveldbSettings.ALL)));
  }

  void fill(Map<String, String> settings, int rows) {
    try (Store store = open(settings)) {
      put(store, 0, rows);
    }
  }

  /** Puts rows in batches of a hundred. */
  static void put(Store store, int from, int to) {
    Keyspace rows = store.keyspace("rows");
    Random random = new Random(1);
    byte[] value = new byte[100];
    for (int i = from; i < to; i += 100) {
      try (StoreBatch batch = store.batch()) {
        for (int k = i; k < Math.min(to, i + 100); k++) {
          random.nextBytes(value);
          batch.put(rows, key(k), value);
        }
        store.write(batch);
      }
    }
  }

  static StoreCursor walk(Store store) {
    return store.range(store.keyspace("rows"), KeyRange.all());
  }

  static int count(Store store) {
    return count(walk(store));
  }

  static int countReversed(Store store) {
    return count(store.range(store.keyspace("rows"), KeyRange.all().reversed(true)));
  }

  private static int count(StoreCursor rows) {
    try (rows) {
      int count = 0;
      while (rows.advance()) {
        count++;
      }
      return count;
    }
  }

  static byte[] key(int number) {
    return String.format("%08d", number).getBytes(StandardCharsets.UTF_8);
  }

  /** The row that says which format the store has. */
  static FlatChange headerOfFormat(int version) {
    return new FlatChange(
        new byte[4], ByteBuffer.allocate(2 * Integer.BYTES).putInt(version).putInt(100).array());
  }

  /** Closes a store that may have met its damage while merging, too, and then cannot flush. */
  static void closeDamaged(Store store) {
    try {
      store.close();
    } catch (MillraceException e) {
      store.close();
    }
  }

  List<Path> files(String part) throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).contains(part))
          .sorted()
          .toList();
    }
  }

  @Override
  public void close() {
    work.close();
  }
}
