package io.millrace.backend.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.iq80.leveldb.DBException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Damage in tables: in what says where their rows are, and in the rows. */
@ExtendWith(NothingLeftBehind.class)
final class TableCheckTest {
  private static final int ROWS = 3_000;
  private static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final Map<String, String> SMALL = Map.of("write-buffer-size", "64KiB");

  private final TestStore stores = new TestStore();
  private final List<byte[]> values = new ArrayList<>();

  @BeforeEach
  void fill() {
    stores.fill(SMALL, ROWS);
    try (Store store = stores.open(SMALL)) {
      Keyspace rows = store.keyspace("rows");
      for (int i = 0; i < ROWS; i++) {
        values.add(store.get(rows, TestStore.key(i)));
      }
    }
  }

  @AfterEach
  void removeFolder() {
    stores.close();
  }

  /** LevelDB would take a table with a damaged index for one without rows, and merge it away. */
  @Test
  void damagedIndexIsReportedWhenTheStoreIsOpened() throws IOException {
    Path table = stores.files(".sst").get(0);
    flip(table, (int) Files.size(table) - FOOTER_BYTES - TRAILER_BYTES, 0);
    assertThatThrownBy(() -> stores.open(SMALL))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(table.toString())
        .hasMessageContaining("index");
  }

  @Test
  void missingOrShorterTableIsReportedWhenTheStoreIsOpened() throws IOException {
    Path table = stores.files(".sst").get(0);
    byte[] content = Files.readAllBytes(table);
    for (int length : new int[] {content.length - 1, 47, 0}) {
      Files.write(table, Arrays.copyOf(content, length));
      assertReportedAtOpening(table);
    }
    Files.delete(table);
    assertReportedAtOpening(table);
  }

  private void assertReportedAtOpening(Path table) {
    assertThatThrownBy(() -> stores.open(SMALL))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(table.toString());
  }

  @Test
  void everyBitOfIndexAndFooterIsCheckedOrDoesNotMatter() throws IOException {
    Seed seed = Seed.next();
    Random random = seed.random();
    for (Path table : stores.files(".sst")) {
      int length = (int) Files.size(table);
      int index = indexOf(table);
      for (int at = index; at < length; at++) {
        for (int bit = 0; bit < Byte.SIZE; bit++) {
          flip(table, at, bit);
          boolean found = isFound(table, length);
          assertThat(found || at >= length - FOOTER_BYTES).as("byte %s of %s", at, table).isTrue();
          if (!found && random.nextInt(100) == 0) {
            assertEverythingIsThere(seed + ", byte " + at + " of " + table);
          }
          flip(table, at, bit);
        }
      }
    }
  }

  private boolean isFound(Path table, long length) throws IOException {
    String name = String.valueOf(table.getFileName());
    long number = Long.parseLong(name.substring(0, name.indexOf('.')));
    try {
      new TableCheck(stores.folder()).require(Map.of(number, length));
      return false;
    } catch (CorruptionException e) {
      assertThat(e).hasMessageContaining(name);
      return true;
    }
  }

  private void assertEverythingIsThere(String what) throws IOException {
    try (TestStore copy = new TestStore()) {
      Files.createDirectory(copy.folder());
      for (Path file : stores.files("")) {
        Files.copy(file, copy.folder().resolve(file.getFileName()));
      }
      try (Store store = copy.open(SMALL)) {
        assertThat(TestStore.count(store)).as(what).isEqualTo(ROWS);
        assertThat(TestStore.countReversed(store)).as(what).isEqualTo(ROWS);
      }
    }
  }

  @Test
  void damagedRowsAreReportedAndNotMergedAway() throws IOException {
    Seed seed = Seed.next();
    Random random = seed.random();
    List<Path> tables = stores.files(".sst");
    Path table = tables.get(random.nextInt(tables.size()));
    int at = random.nextInt(indexOf(table));
    flip(table, at, random.nextInt(Byte.SIZE));
    String what = seed + ", byte " + at + " of " + table;
    Store store;
    try {
      store = stores.open(SMALL);
    } catch (CorruptionException e) {
      return; // it met the damage among its own notes, and said so
    }
    assertRightOrReported(what, store);
    try {
      for (int round = 0; round < 3; round++) {
        TestStore.put(store, ROWS, 3 * ROWS);
      }
    } catch (MillraceException e) {
      assertThat(e).as(what).isInstanceOf(CorruptionException.class);
    }
    assertRightOrReported(what, store);
    TestStore.closeDamaged(store);
  }

  private void assertRightOrReported(String what, Store store) {
    Keyspace rows = store.keyspace("rows");
    for (int i = 0; i < ROWS; i++) {
      byte[] key = TestStore.key(i);
      byte[] value = orElse(values.get(i), () -> store.get(rows, key));
      assertThat(value).as(what).isEqualTo(values.get(i));
    }
    assertThat(orElse(ROWS, () -> TestStore.count(store))).as(what).isGreaterThanOrEqualTo(ROWS);
    assertThat(orElse(ROWS, () -> TestStore.countReversed(store)))
        .as(what)
        .isGreaterThanOrEqualTo(ROWS);
  }

  private static <T> T orElse(T ifDamaged, Supplier<T> read) {
    try {
      return read.get();
    } catch (CorruptionException e) {
      return ifDamaged;
    }
  }

  @Test
  void tableThatLevelDbCannotReadIsDamage() {
    for (String words :
        List.of(
            "Invalid argument: not an sstable (bad magic number)",
            "IO error: /data/000005.sst: Invalid argument")) {
      assertThat(Failures.of("reading", stores.folder(), new DBException(words)))
          .isInstanceOf(CorruptionException.class);
    }
  }

  /** Where the index of a table begins. */
  private static int indexOf(Path table) throws IOException {
    byte[] content = Files.readAllBytes(table);
    ByteBuffer footer = ByteBuffer.wrap(content).position(content.length - FOOTER_BYTES);
    Varint.read(footer);
    Varint.read(footer);
    return (int) Varint.read(footer);
  }

  private static void flip(Path file, int at, int bit) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer content = ByteBuffer.allocate(1);
      channel.read(content, at);
      content.put(0, (byte) (content.get(0) ^ 1 << bit)).rewind();
      channel.write(content, at);
    }
  }
}
