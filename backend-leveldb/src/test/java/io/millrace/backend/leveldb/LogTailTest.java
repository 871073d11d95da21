package io.millrace.backend.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of LevelDB's log after a loss of power: torn, with holes, or damaged later. */
@ExtendWith(NothingLeftBehind.class)
final class LogTailTest {
  private static final int FORCED = 500;
  private static final int ROWS = 3_000;
  private static final int BATCH = 100;

  private final TestStore stores = new TestStore();

  @AfterEach
  void removeFolder() {
    stores.close();
  }

  /**
   * Leaves the files of a store that was not closed, and reports how much of its log was forced.
   *
   * @return the log, and from where on it was not forced
   */
  private Unforced crashed() throws IOException {
    try (TestStore living = new TestStore()) {
      Store store = living.open();
      TestStore.put(store, 0, FORCED);
      store.flush();
      long forced = used(Files.readAllBytes(living.files(".log").get(0)));
      TestStore.put(store, FORCED, ROWS);
      Files.createDirectory(stores.folder());
      for (Path file : living.files("")) {
        Files.copy(file, stores.folder().resolve(file.getFileName()));
      }
      store.close();
      return new Unforced(stores.files(".log").get(0), (int) forced);
    }
  }

  private record Unforced(Path log, int from) {}

  /** The length without the zeros at the end. */
  private static int used(byte[] log) {
    int length = log.length;
    while (log[length - 1] == 0) {
      length--;
    }
    return length;
  }

  private void assertPrefix(String what) {
    try (Store store = stores.open()) {
      int count = TestStore.count(store);
      assertThat(count).as(what).isBetween(FORCED, ROWS);
      assertThat(count % BATCH).as(what + ": whole batches").isZero();
      try (StoreCursor rows = store.range(store.keyspace("rows"), KeyRange.all().reversed(true))) {
        assertThat(rows.advance()).isTrue();
        assertThat(rows.key()).as(what + ": none is missing").isEqualTo(TestStore.key(count - 1));
      }
    }
  }

  @Test
  void logThatWasNotClosedIsReadToItsEnd() throws IOException {
    crashed();
    try (Store store = stores.open()) {
      assertThat(TestStore.count(store)).isEqualTo(ROWS);
    }
  }

  @Test
  void tornEndIsCutToWholeBatches() throws IOException {
    Seed seed = Seed.next();
    Random random = seed.random();
    Unforced unforced = crashed();
    byte[] log = Files.readAllBytes(unforced.log());
    int used = used(log);
    for (int round = 0; round < 3; round++) {
      int length = unforced.from() + random.nextInt(used - unforced.from());
      try (TestStore copy = new TestStore()) {
        copyTo(copy);
        Files.write(
            copy.folder().resolve(unforced.log().getFileName()), Arrays.copyOf(log, length));
        try (Store store = copy.open()) {
          assertThat(TestStore.count(store) % BATCH).as(seed.toString()).isZero();
          assertThat(TestStore.count(store)).isGreaterThanOrEqualTo(FORCED);
        }
      }
    }
  }

  private void copyTo(TestStore copy) throws IOException {
    Files.createDirectory(copy.folder());
    for (Path file : stores.files("")) {
      Files.copy(file, copy.folder().resolve(file.getFileName()));
    }
  }

  /** LevelDB alone would skip the hole and apply what comes behind it. */
  @Test
  void whatComesBehindAHoleIsCut() throws IOException {
    Unforced unforced = crashed();
    byte[] log = Files.readAllBytes(unforced.log());
    int hole = (unforced.from() / 4096 + 20) * 4096;
    Arrays.fill(log, hole, hole + 8192, (byte) 0);
    Files.write(unforced.log(), log);
    assertPrefix("a hole");
  }

  @Test
  void wholeBlockThatIsMissingIsAHole() throws IOException {
    Unforced unforced = crashed();
    byte[] log = Files.readAllBytes(unforced.log());
    int hole = (unforced.from() / 32_768 + 2) * 32_768;
    Arrays.fill(log, hole, hole + 32_768, (byte) 0);
    Files.write(unforced.log(), log);
    assertPrefix("a missing block");
  }

  @Test
  void changedByteInWhatWasNotForcedCutsTheLogThere() throws IOException {
    Seed seed = Seed.next();
    Unforced unforced = crashed();
    byte[] log = Files.readAllBytes(unforced.log());
    log[unforced.from() + seed.random().nextInt(used(log) - unforced.from())] ^= 0x10;
    Files.write(unforced.log(), log);
    assertPrefix(seed.toString());
  }

  @Test
  void changedByteInWhatWasForcedIsDamage() throws IOException {
    Seed seed = Seed.next();
    Unforced unforced = crashed();
    byte[] log = Files.readAllBytes(unforced.log());
    int marks = 100; // the last records before are the marks themselves
    log[seed.random().nextInt(unforced.from() - marks)] ^= 0x10;
    Files.write(unforced.log(), log);
    assertThatThrownBy(stores::open)
        .as(seed.toString())
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(unforced.log().toString());
    assertThat(unforced.log()).as("nothing is cut").hasBinaryContent(log);
  }

  /** The mark may be on disk before what it forces, when power fails during the force. */
  @Test
  void forceThatDidNotReturnIsATornEnd() throws IOException {
    Seed seed = Seed.next();
    try (TestStore living = new TestStore()) {
      Store store = living.open();
      TestStore.put(store, 0, FORCED);
      store.flush();
      int forced = used(Files.readAllBytes(living.files(".log").get(0)));
      TestStore.put(store, FORCED, ROWS);
      store.flush();
      Files.createDirectory(stores.folder());
      for (Path file : living.files("")) {
        Files.copy(file, stores.folder().resolve(file.getFileName()));
      }
      store.close();
      Path log = stores.files(".log").get(0);
      byte[] content = Files.readAllBytes(log);
      int used = used(content) - ForcedMark.RECORD_BYTES;
      content = Arrays.copyOf(content, used);
      content[forced + seed.random().nextInt(used - forced)] ^= 0x10;
      Files.write(log, content);
    }
    assertPrefix(seed.toString());
  }

  @Test
  void tornLastRecordOfTheManifestIsCut() throws IOException {
    stores.fill(Map.of("write-buffer-size", "64KiB"), ROWS);
    Path manifest = stores.files("MANIFEST-").get(0);
    byte[] content = Files.readAllBytes(manifest);
    byte[] torn = Arrays.copyOf(content, content.length + 20);
    torn[content.length] = 0x11;
    torn[content.length + 4] = 100;
    torn[content.length + 6] = 1;
    Files.write(manifest, torn);
    try (Store store = stores.open()) {
      assertThat(TestStore.count(store)).isEqualTo(ROWS);
    }
  }
}
