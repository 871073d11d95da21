package io.millrace.backend.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.TemporaryFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NothingLeftBehind.class)
final class RocksdbStoreTest {
  private static final int ROWS = 10_000;

  private final StoreProvider provider =
      Modules.find("store", StoreProvider.class, getClass().getClassLoader()).named("rocksdb");
  private TemporaryFolder work = TemporaryFolder.create();

  @BeforeEach
  void makeFolder() {
    work.close();
    work = TemporaryFolder.create();
  }

  @AfterEach
  void removeFolder() {
    work.close();
  }

  @ParameterizedTest
  @CsvSource({
    "compression, none",
    "compression, zstd",
    "bloom-bits, 0",
    "cache-size, 1MiB",
    "block-size, 64KiB",
    "write-buffers, 4",
    "background-jobs, 1",
    "open-files, 32"
  })
  void storeWorksWithEachSetting(String key, String value) {
    fill(Map.of(key, value, "write-buffer-size", "64KiB"));
    try (Store store = open(Map.of())) {
      assertThat(count(store)).isEqualTo(ROWS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "compression, snappy",
    "bloom-bits, 33",
    "cache-size, 1KiB",
    "write-buffer-size, 1",
    "write-buffers, 1",
    "background-jobs, 0",
    "open-files, many",
    "no-such-setting, 1"
  })
  void settingOutOfRangeIsRefused(String key, String value) {
    assertThatThrownBy(() -> open(Map.of(key, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(key);
  }

  @Test
  void fileInPlaceOfTheFolderIsReported() throws IOException {
    Files.writeString(folder(), "not a folder");
    assertThatThrownBy(() -> open(Map.of())).isInstanceOf(CorruptionException.class);
    assertThat(folder()).hasContent("not a folder");
  }

  @Test
  void foreignFilesAreReportedAndKept() throws IOException {
    Files.createDirectory(folder());
    Path foreign = Files.writeString(folder().resolve("000012.sst"), "foreign");
    assertThatThrownBy(() -> open(Map.of()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("000012.sst");
    assertThat(foreign).hasContent("foreign");
  }

  @Test
  void rubbishInCurrentIsReported() throws IOException {
    fill(Map.of());
    Files.writeString(folder().resolve("CURRENT"), "rubbish");
    assertThatThrownBy(() -> open(Map.of())).isInstanceOf(CorruptionException.class);
  }

  @Test
  void missingManifestIsReported() throws IOException {
    fill(Map.of());
    for (Path manifest : files("MANIFEST-")) {
      Files.delete(manifest);
    }
    assertThatThrownBy(() -> open(Map.of())).isInstanceOf(MillraceException.class);
  }

  /** RocksDB would look at such a record for ever. */
  @Test
  @Timeout(60)
  void recordOfATypeForFilesUsedAgainIsReported() throws IOException {
    fill(Map.of());
    Path manifest = files("MANIFEST-").get(0);
    byte[] content = Files.readAllBytes(manifest);
    int second = 7 + content[4];
    content[second + 6] ^= 4;
    Files.write(manifest, content);
    assertThatThrownBy(() -> open(Map.of()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(manifest + ", byte " + second);
  }

  /** The same in the write-ahead log, which is read up to the first flaw. */
  @Test
  @Timeout(60)
  void recordOfATypeForFilesUsedAgainEndsTheWriteAheadLog() throws IOException {
    Map<String, String> settings = Map.of("wal", "true");
    Path live = work.path().resolve("live");
    try (Store store = open(settings, live)) {
      fill(store);
      Files.createDirectory(folder());
      for (Path file : files(live, "")) {
        if (!file.endsWith("LOCK")) { // which would give RocksDB's lock away
          Files.copy(file, folder().resolve(file.getFileName()));
        }
      }
    }
    Path log = files(".log").get(0);
    byte[] content = Files.readAllBytes(log);
    int second = 7 + Byte.toUnsignedInt(content[4]) + (Byte.toUnsignedInt(content[5]) << 8);
    content[second + 6] ^= 4;
    Files.write(log, content);
    try (Store store = open(settings)) {
      assertThat(count(store)).isLessThan(ROWS);
    }
  }

  @Test
  void laterFormatIsRefused() {
    fill(Map.of());
    try (Store store = open(Map.of())) {
      byte[] header = ByteBuffer.allocate(8).putInt(2).putInt(100).array();
      RocksdbStore rocks = (RocksdbStore) store;
      RocksdbBatch batch = new RocksdbBatch(rocks);
      batch.putStored(KeyspaceRegistry.headerKey(), header);
      rocks.apply(batch);
    }
    assertThatThrownBy(() -> open(Map.of()))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("format 2");
  }

  @Test
  void openingTwiceIsRefused() {
    try (Store store = open(Map.of())) {
      assertThatThrownBy(() -> open(Map.of()))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("store-locked"));
      assertThat(store.keyspaces()).isEmpty();
    }
  }

  /** RocksDB's own multi-get answers as if damaged rows were absent. */
  @Test
  void damagedRowsAreReportedByEveryKindOfRead() throws IOException {
    fill(Map.of("compression", "none"));
    for (Path table : files(".sst")) {
      byte[] content = Files.readAllBytes(table);
      for (int i = content.length / 20; i < content.length / 2; i++) {
        content[i] ^= 0x55;
      }
      Files.write(table, content);
    }
    try (Store store = open(Map.of())) {
      Keyspace rows = store.keyspace("rows");
      List<byte[]> keys = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        keys.add(key(i));
      }
      assertThatThrownBy(() -> keys.forEach(key -> store.get(rows, key)))
          .isInstanceOf(CorruptionException.class);
      assertThatThrownBy(() -> store.getAll(rows, keys)).isInstanceOf(CorruptionException.class);
      assertThatThrownBy(() -> count(store)).isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void keyspaceIdsAreNeverUsedAgain() {
    for (int life = 0; life < 3; life++) {
      try (Store store = open(Map.of())) {
        RocksdbKeyspace keyspace = (RocksdbKeyspace) store.keyspace("rows");
        assertThat(keyspace.id()).isEqualTo(life + 1);
        store.drop(keyspace);
      }
    }
  }

  @Test
  void objectsNeverClosedByTheirUserAreClosedWithTheStore() {
    fill(Map.of());
    Store store = open(Map.of());
    Keyspace rows = store.keyspace("rows");
    List<AutoCloseable> forgotten = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      StoreCursor cursor = store.range(rows, KeyRange.all());
      cursor.advance();
      forgotten.add(cursor);
      forgotten.add(store.snapshot());
    }
    store.close();
    assertThat(forgotten).hasSize(200);
    try (Store again = open(Map.of())) {
      assertThat(count(again)).isEqualTo(ROWS);
    }
  }

  @Test
  void batchIsWrittenOnlyOnce() {
    try (Store store = open(Map.of());
        StoreBatch batch = store.batch()) {
      batch.put(store.keyspace("rows"), key(1), key(1));
      store.write(batch);
      assertThatThrownBy(() -> store.write(batch)).isInstanceOf(IllegalStateException.class);
    }
  }

  private void fill(Map<String, String> settings) {
    try (Store store = open(settings)) {
      fill(store);
    }
  }

  private static void fill(Store store) {
    Keyspace rows = store.keyspace("rows");
    byte[] value = new byte[100];
    Random random = new Random(1);
    for (int i = 0; i < ROWS; i += 100) {
      try (StoreBatch batch = store.batch()) {
        for (int k = i; k < i + 100; k++) {
          random.nextBytes(value);
          batch.put(rows, key(k), value);
        }
        store.write(batch);
      }
    }
  }

  private static int count(Store store) {
    try (StoreCursor rows = store.range(store.keyspace("rows"), KeyRange.all())) {
      int count = 0;
      while (rows.advance()) {
        count++;
      }
      return count;
    }
  }

  private List<Path> files(String part) throws IOException {
    return files(folder(), part);
  }

  private static List<Path> files(Path folder, String part) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> String.valueOf(file.getFileName()).contains(part)).toList();
    }
  }

  private Path folder() {
    return work.path().resolve("store");
  }

  private Store open(Map<String, String> settings) {
    return open(settings, folder());
  }

  private Store open(Map<String, String> settings, Path folder) {
    return provider.open(
        Settings.parse("", provider.settings(), settings),
        new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none()));
  }

  private static byte[] key(int number) {
    return String.format("%08d", number).getBytes(StandardCharsets.UTF_8);
  }
}
