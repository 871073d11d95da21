package io.millrace.backend.xodus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.spi.InvalidSettingException;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
final class XodusStoreTest {
  private static final int ROWS = 10_000;

  private final TestStore stores = new TestStore();

  @AfterEach
  void removeFolder() {
    stores.close();
  }

  @ParameterizedTest
  @CsvSource({"cache-size, 4MiB", "file-size, 8MiB"})
  void storeWorksWithEachSetting(String key, String value) {
    stores.fill(Map.of(key, value), ROWS);
    try (Store store = stores.open()) {
      assertThat(TestStore.count(store)).isEqualTo(ROWS);
    }
  }

  @ParameterizedTest
  @CsvSource({"cache-size, -1", "file-size, 1", "compression, none"})
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
    Path foreign = Files.writeString(stores.folder().resolve("000012.txt"), "foreign");
    assertThatThrownBy(stores::open)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("000012.txt");
    assertThat(foreign).hasContent("foreign");
  }

  @Test
  void laterFormatIsRefused() {
    stores.fill(Map.of(), 10);
    try (XodusEngine engine = stores.engine()) {
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

  /** Xodus itself would not notice. */
  @Test
  void changedByteAnywhereIsReportedWhenAClosedStoreIsOpened() throws IOException {
    Seed seed = Seed.next();
    stores.fill(Map.of("file-size", "8MiB"), 100_000);
    List<Path> files = stores.files(".xd");
    assertThat(files).hasSizeGreaterThan(1);
    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      byte[] changed = content.clone();
      changed[seed.random().nextInt(content.length)] ^= 0x10;
      assertThat(file.toFile().setWritable(true)).isTrue();
      Files.write(file, changed);
      assertThatThrownBy(stores::open)
          .as(seed.toString())
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(file.toString());
      Files.write(file, content);
    }
    try (Store store = stores.open()) {
      assertThat(TestStore.count(store)).isEqualTo(100_000);
    }
  }

  @Test
  void fullFilesAreComparedAfterACrash() throws IOException {
    Store store = stores.open(Map.of("file-size", "8MiB"));
    TestStore.put(store, 0, 100_000);
    store.flush();
    try (TestStore copy = new TestStore()) {
      copy.take(stores);
      Path first = copy.files(".xd").get(0);
      byte[] content = Files.readAllBytes(first);
      content[content.length / 2] ^= 0x10;
      assertThat(first.toFile().setWritable(true)).isTrue();
      Files.write(first, content);
      assertThatThrownBy(copy::open)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(first.toString());
    } finally {
      store.close();
    }
  }

  @Test
  void changedByteOfWhatWasFlushedIsReportedAfterACrash() throws IOException {
    Store store = stores.open();
    try (TestStore copy = new TestStore()) {
      TestStore.put(store, 0, 1_000);
      store.flush();
      long flushed = Files.size(stores.files(".xd").get(0));
      TestStore.put(store, 1_000, 1_100);
      copy.take(stores);
      Path file = copy.files(".xd").get(0);
      byte[] content = Files.readAllBytes(file);
      content[(int) flushed / 2] ^= 1;
      Files.write(file, content);
      assertThatThrownBy(copy::open)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(file + ": the first " + flushed + " bytes");
      content[(int) flushed / 2] ^= 1;
      Files.write(file, content);
      try (Store again = copy.open()) {
        assertThat(TestStore.count(again)).isGreaterThanOrEqualTo(1_000);
      }
    } finally {
      store.close();
    }
  }

  @Test
  void changedRowIsReportedByEveryKindOfRead() throws IOException {
    stores.fill(Map.of(), 1_000);
    // As after a crash long after the last flush.
    Files.delete(stores.folder().resolve(FileSums.NAME));
    Files.delete(stores.folder().resolve(TailSum.NAME));
    Path file = stores.files(".xd").get(0);
    byte[] content = Files.readAllBytes(file);
    byte[] key = TestStore.key(500);
    for (int i = 0; i < content.length - key.length; i++) {
      if (Arrays.equals(content, i, i + key.length, key, 0, key.length)) {
        content[i + key.length + 50] ^= 0x10;
      }
    }
    Files.write(file, content);
    try (Store store = stores.open()) {
      Keyspace rows = store.keyspace("rows");
      assertThatThrownBy(() -> store.get(rows, key)).isInstanceOf(CorruptionException.class);
      assertThatThrownBy(() -> store.getAll(rows, List.of(TestStore.key(1), key)))
          .isInstanceOf(CorruptionException.class);
      assertThatThrownBy(() -> TestStore.count(store)).isInstanceOf(CorruptionException.class);
      assertThatThrownBy(() -> TestStore.countReversed(store))
          .isInstanceOf(CorruptionException.class);
      assertThat(store.get(rows, TestStore.key(1))).isNotNull();
    }
  }

  @Test
  void damagedChecksumsAreReported() throws IOException {
    stores.fill(Map.of(), 1_000);
    Path sums = stores.folder().resolve(FileSums.NAME);
    byte[] content = Files.readAllBytes(sums);
    content[content.length / 2] ^= 1;
    Files.write(sums, content);
    assertThatThrownBy(stores::open)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(FileSums.NAME);
  }

  @Test
  void existingStoreKeepsItsFileSize() {
    stores.fill(Map.of("file-size", "8MiB"), 100_000);
    for (String other : List.of("64MiB", "16MiB", "8MiB")) {
      try (Store store = stores.open(Map.of("file-size", other))) {
        assertThat(TestStore.count(store)).isEqualTo(100_000);
      }
    }
  }

  @Test
  void valueThatIsTooLongIsRefusedAndNothingElse() {
    try (Store store = stores.open(Map.of("file-size", "8MiB"))) {
      Keyspace rows = store.keyspace("rows");
      try (StoreBatch batch = store.batch()) {
        batch.put(rows, TestStore.key(1), new byte[5 << 20]);
        assertThatThrownBy(() -> store.write(batch))
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("file-size");
      }
      TestStore.put(store, 0, 10);
      assertThat(TestStore.count(store)).isEqualTo(10);
    }
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
}
