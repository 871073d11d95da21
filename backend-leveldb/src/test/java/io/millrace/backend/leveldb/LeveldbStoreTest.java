package io.millrace.backend.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.spi.InvalidSettingException;
import io.millrace.tck.NothingLeftBehind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NothingLeftBehind.class)
final class LeveldbStoreTest {
  private static final int ROWS = 10_000;

  private final TestStore stores = new TestStore();

  @AfterEach
  void removeFolder() {
    stores.close();
  }

  @ParameterizedTest
  @CsvSource({
    "compression, none",
    "cache-size, 64KiB",
    "block-size, 64KiB",
    "write-buffer-size, 1MiB",
    "open-files, 74"
  })
  void storeWorksWithEachSetting(String key, String value) {
    stores.fill(Map.of(key, value), ROWS);
    try (Store store = stores.open()) {
      assertThat(TestStore.count(store)).isEqualTo(ROWS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "compression, zstd",
    "cache-size, -1",
    "write-buffer-size, 1",
    "block-size, 2MiB",
    "open-files, many",
    "bloom-bits, 10"
  })
  void settingOutOfRangeIsRefused(String key, String value) {
    assertThatThrownBy(() -> stores.open(Map.of(key, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(key);
    assertThat(stores.folder()).doesNotExist();
  }

  @Test
  void fileInPlaceOfTheFolderIsReported() throws IOException {
    Files.writeString(stores.folder(), "not a folder");
    assertThatThrownBy(stores::open).isInstanceOf(CorruptionException.class);
    assertThat(stores.folder()).hasContent("not a folder");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void folderWithoutPermissionIsReported() throws IOException {
    assumeFalse(
        System.getProperty("user.name").equals("root"), "nothing is forbidden to this user");
    Files.createDirectory(stores.folder());
    assertThat(stores.folder().toFile().setWritable(false)).isTrue();
    assertThatThrownBy(stores::open)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(stores.folder().toString());
    assertThat(stores.folder().toFile().setWritable(true)).isTrue();
  }

  @Test
  void foreignFilesAreReportedAndKept() throws IOException {
    Files.createDirectory(stores.folder());
    Path foreign = Files.writeString(stores.folder().resolve("000012.sst"), "foreign");
    assertThatThrownBy(stores::open)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("000012.sst");
    assertThat(foreign).hasContent("foreign");
  }

  @Test
  void laterFormatIsRefused() {
    stores.fill(Map.of(), 10);
    try (LeveldbEngine engine = stores.engine()) {
      engine.write(List.of(TestStore.headerOfFormat(2)));
    }
    assertThatThrownBy(stores::open)
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("format 2");
  }

  @Test
  void openingTwiceIsRefused() {
    try (Store store = stores.open()) {
      assertThatThrownBy(stores::open)
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("store-locked"));
      assertThat(store.keyspaces()).isEmpty();
    }
  }

  @Test
  void rubbishInCurrentIsReported() throws IOException {
    stores.fill(Map.of(), ROWS);
    Files.writeString(stores.folder().resolve("CURRENT"), "rubbish");
    assertThatThrownBy(stores::open).isInstanceOf(MillraceException.class);
  }

  @Test
  void missingManifestIsReported() throws IOException {
    stores.fill(Map.of(), ROWS);
    for (Path manifest : stores.files("MANIFEST-")) {
      Files.delete(manifest);
    }
    assertThatThrownBy(stores::open).isInstanceOf(MillraceException.class);
  }

  @Test
  void changedByteInTheManifestIsReported() throws IOException {
    stores.fill(Map.of("write-buffer-size", "64KiB"), ROWS);
    Path manifest = stores.files("MANIFEST-").get(0);
    byte[] content = Files.readAllBytes(manifest);
    content[content.length / 3] ^= 0x10;
    Files.write(manifest, content);
    assertThatThrownBy(stores::open).isInstanceOf(CorruptionException.class);
  }

  @Test
  void missingTableIsReportedByReads() throws IOException {
    stores.fill(Map.of("write-buffer-size", "64KiB"), ROWS);
    for (Path table : stores.files(".sst")) {
      Files.delete(table);
    }
    assertThatThrownBy(
            () -> {
              try (Store store = stores.open()) {
                TestStore.count(store);
              }
            })
        .isInstanceOf(CorruptionException.class);
  }

  @Test
  void damagedRowsAreReportedByEveryKindOfRead() throws IOException {
    stores.fill(Map.of("compression", "none", "write-buffer-size", "64KiB"), ROWS);
    for (Path table : stores.files(".sst")) {
      byte[] content = Files.readAllBytes(table);
      for (int i = content.length / 5; i < content.length / 2; i++) {
        content[i] ^= 0x55;
      }
      Files.write(table, content);
    }
    Store store = stores.open();
    Keyspace rows = store.keyspace("rows");
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      keys.add(TestStore.key(i));
    }
    assertThatThrownBy(() -> keys.forEach(key -> store.get(rows, key)))
        .isInstanceOf(CorruptionException.class);
    assertThatThrownBy(() -> store.getAll(rows, keys)).isInstanceOf(CorruptionException.class);
    assertThatThrownBy(() -> TestStore.count(store)).isInstanceOf(CorruptionException.class);
    assertThatThrownBy(() -> TestStore.countReversed(store))
        .isInstanceOf(CorruptionException.class);
    TestStore.closeDamaged(store);
  }

  @Test
  void objectsNeverClosedByTheirUserAreClosedWithTheStore() {
    stores.fill(Map.of(), ROWS);
    Store store = stores.open();
    List<AutoCloseable> forgotten = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      StoreCursor cursor = TestStore.walk(store);
      cursor.advance();
      forgotten.add(cursor);
      forgotten.add(store.snapshot());
    }
    store.close();
    assertThat(forgotten).hasSize(200);
    try (Store again = stores.open()) {
      assertThat(TestStore.count(again)).isEqualTo(ROWS);
    }
  }

  @Test
  void nearlyFullDiskRefusesWritesUntilThereIsRoom() {
    long[] usable = {100};
    DiskSpace space = new DiskSpace(stores.folder(), () -> usable[0], 64);
    space.require(36);
    assertThatThrownBy(() -> space.require(2 << 20))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("store-full"));
    assertThatThrownBy(() -> space.require(37)).isInstanceOf(UnavailableException.class);
    usable[0] = 10 << 20;
    space.require(37);
  }
}
