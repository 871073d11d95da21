package io.millrace.engine;

import static io.millrace.engine.Use.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.api.BackupInfo;
import io.millrace.api.Database;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.maintenance.CopyReport;
import io.millrace.engine.maintenance.Restore;
import io.millrace.engine.record.Eraser;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups are the database as of one sequence, and make a database again. */
final class BackupTest {
  @TempDir Path temporary;

  private Path data;
  private Path backup;

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
    backup = temporary.resolve("backup");
  }

  private CopyReport restore(Path to) {
    return new Restore(Folders.workshop()).run(backup, to);
  }

  @Test
  void restoredBackupEqualsTheSource() {
    Seed seed = Seed.next();
    List<Object> seen;
    BackupInfo info;
    try (Database database = Folders.segmented(data).open()) {
      new Workload(seed.random()).run(database, 400);
      info = database.backup(backup);
      seen = Folders.everything(database);
    }
    Path restored = temporary.resolve("restored");
    CopyReport report = restore(restored);
    assertThat(report.sequence()).as(seed.toString()).isEqualTo(info.sequence());
    assertThat(Folders.records(restored)).isEqualTo(Folders.records(data));
    Folders.requireClean(restored);
    try (Database database = Folders.segmented(restored).open()) {
      assertThat(Folders.everything(database)).as(seed.toString()).isEqualTo(seen);
      assertThat(database.uuid()).isEqualTo(report.uuid());
      new Workload(seed.random()).purging().run(database, 100);
    }
    Folders.requireClean(restored);
    Folders.requireClean(data);
  }

  @Test
  void backupsDuringWritesAreEachTheSourceAtTheirSequence() {
    Seed seed = Seed.next();
    List<BackupInfo> infos = new ArrayList<>();
    try (Database database = Folders.segmented(data).open()) {
      Random random = seed.random();
      CompletableFuture<Void> begun = new CompletableFuture<>();
      CompletableFuture<Void> enough = new CompletableFuture<>();
      Thread writing =
          new Thread(
              () -> {
                Workload workload = new Workload(random).purging();
                while (!enough.isDone()) {
                  workload.run(database, 40);
                  begun.complete(null);
                }
              },
              "writing");
      writing.start();
      await(begun);
      for (int i = 0; i < 4; i++) {
        long before = database.since().value();
        // The first two into one folder, the others each into one of its own.
        Path to = i < 2 ? backup : temporary.resolve("backup-" + i);
        BackupInfo info = database.backup(to);
        assertThat(info.sequence()).isBetween(before, database.since().value());
        infos.add(info);
        Use.await("writes between backups", () -> database.since().value() > info.sequence() + 30);
      }
      enough.complete(null);
      join(writing);
    }
    List<ByteBuffer> records = Folders.records(data);
    for (BackupInfo info : infos.subList(1, infos.size())) {
      Path restored = temporary.resolve("restored-" + info.sequence());
      new Restore(Folders.workshop()).run(info.folder(), restored);
      List<ByteBuffer> kept = Folders.records(restored);
      List<ByteBuffer> source = records.subList(0, (int) info.sequence());
      assertThat(kept).as(seed.toString()).hasSameSizeAs(source);
      for (int i = 0; i < kept.size(); i++) {
        // What was purged later is still in the backup.
        ByteBuffer now = source.get(i);
        assertThat(kept.get(i)).as("%s, %d", seed, i).isIn(now, formerly(i + 1L, kept.get(i), now));
      }
      Folders.requireClean(restored);
      try (Database database = Folders.segmented(restored).open()) {
        assertThat(database.since().value()).isEqualTo(info.sequence());
      }
    }
  }

  /** {@code kept} if {@code now} is what is left of it after erasure. */
  private static ByteBuffer formerly(long sequence, ByteBuffer kept, ByteBuffer now) {
    byte[] erased = new Eraser().erase(sequence, kept.array());
    return ByteBuffer.wrap(erased).equals(now) ? kept : now;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Test
  void backupBesideAnEarlierOneCopiesOnlyWhatIsNew() {
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 300);
      BackupInfo first = database.backup(backup);
      // Finished segments and the store's tables are shared with the database from the beginning.
      assertThat(first.linkedBytes()).isPositive();
      Set<Object> before = keys(backup.resolve("round-1/log"));
      put(database, 300, 310);
      BackupInfo second = database.backup(backup);
      assertThat(second.sequence()).isEqualTo(310);
      Set<Object> after = keys(backup.resolve("round-2/log"));
      Set<Object> fresh = new HashSet<>(after);
      fresh.removeAll(before);
      assertThat(before).hasSizeGreaterThan(5);
      assertThat(fresh.size()).isLessThan(4);
      assertThat(backup.resolve("round-1")).doesNotExist();
    }
    restore(temporary.resolve("restored"));
    assertThat(Folders.records(temporary.resolve("restored"))).hasSize(310);
  }

  /** What tells the files in {@code folder} from all others, whatever they are called. */
  private static Set<Object> keys(Path folder) {
    Set<Object> keys = new HashSet<>();
    for (Path file : Folders.below(folder)) {
      try {
        keys.add(Files.getAttribute(file, "unix:ino"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return keys;
  }

  private static void put(Database database, int from, int to) {
    for (int i = from; i < to; i++) {
      Use.done(
          database, Use.put("b", "d" + i, "{\"n\":" + i + ",\"t\":\"" + "x".repeat(200) + "\"}"));
    }
  }

  @Test
  void backupThatNeverEndedIsRefusedAndMadeAnew() throws IOException {
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 20);
      database.backup(backup);
      Files.delete(backup.resolve("backup.json"));
      assertThatThrownBy(() -> restore(temporary.resolve("restored")))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("backup.json");
      assertThat(temporary.resolve("restored")).doesNotExist();
      assertThat(database.backup(backup).sequence()).isEqualTo(20);
    }
    assertThat(restore(temporary.resolve("restored")).sequence()).isEqualTo(20);
  }

  @Test
  void interruptedBackupLeavesTheOneBefore() throws IOException {
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 20);
      database.backup(backup);
      put(database, 20, 30);
      // As far as an interrupted second round comes: some files, no note.
      Folders.copy(backup.resolve("round-1"), backup.resolve("round-2"));
      Folders.remove(backup.resolve("round-2/store"));
      Files.writeString(backup.resolve("backup.json.new"), "{");
      assertThat(restore(temporary.resolve("restored")).sequence()).isEqualTo(20);
      assertThat(database.backup(backup).sequence()).isEqualTo(30);
      // And when only the removal of the round before was missing.
      Files.createDirectory(backup.resolve("round-1"));
      assertThat(database.backup(backup).sequence()).isEqualTo(30);
      assertThat(backup.resolve("round-1")).doesNotExist();
    }
    assertThat(restore(temporary.resolve("restored-2")).sequence()).isEqualTo(30);
  }

  @Test
  void foldersWithSomethingElseAreRefused() throws IOException {
    Path other = temporary.resolve("other");
    try (Database database = Folders.segmented(data).open();
        Database another = Folders.segmented(other).open()) {
      put(database, 0, 3);
      another.backup(backup);
      Path file = Files.writeString(temporary.resolve("file"), "here");
      Path full = Files.createDirectory(temporary.resolve("full"));
      Files.writeString(full.resolve("letter"), "dear");
      for (Path wrong : List.of(backup, file, full, data.resolve("log"), data, other)) {
        assertThatThrownBy(() -> database.backup(wrong))
            .as(wrong.toString())
            .isInstanceOfSatisfying(
                InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("not-a-backup"));
      }
      assertThat(Folders.files(full)).containsOnlyKeys("letter");
      assertThat(database.tasks()).isEmpty();
    }
  }

  /** A clock that lets one thread wait, the second time it asks. */
  private static final class WaitingClock extends Clock {
    private final CompletableFuture<Void> waits = new CompletableFuture<>();
    private final CompletableFuture<Void> goesOn = new CompletableFuture<>();
    private int asked;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      if (Thread.currentThread().getName().equals("backing-up") && ++asked == 2) {
        waits.complete(null);
        goesOn.join();
      }
      return Instant.EPOCH;
    }
  }

  @Test
  void oneBackupIsMadeAtATimeAndCanBeWatched() {
    WaitingClock clock = new WaitingClock();
    try (Database database = Folders.segmented(data).clock(clock).open()) {
      put(database, 0, 20);
      Thread backing = new Thread(() -> database.backup(backup), "backing-up");
      backing.start();
      await(clock.waits);
      assertThat(database.tasks())
          .singleElement()
          .satisfies(
              task -> {
                assertThat(task.kind()).isEqualTo("backup");
                assertThat(task.name()).contains(backup.toString());
                assertThat(task.done()).isPositive().isLessThanOrEqualTo(task.total());
              });
      assertThatThrownBy(() -> database.backup(temporary.resolve("another")))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("backup-running"));
      put(database, 20, 25);
      clock.goesOn.complete(null);
      join(backing);
      assertThat(database.tasks()).isEmpty();
      assertThat(restore(temporary.resolve("restored")).sequence()).isEqualTo(20);
      assertThat(database.backup(backup).sequence()).isEqualTo(25);
    }
  }

  @Test
  void logsWithoutFilesCannotBeBackedUp() {
    try (Database database = Use.memory(data).open()) {
      assertThatThrownBy(() -> database.backup(backup))
          .isInstanceOfSatisfying(
              UnsupportedException.class,
              e -> assertThat(e.code()).isEqualTo("checkpoint-unsupported"));
      assertThat(backup).doesNotExist();
    }
  }

  @Test
  void restoredViewsGoOnWhereTheyWere() {
    String name = "restored-" + System.nanoTime();
    ProbeViewProvider.Probe probe = ProbeViewProvider.probe(name);
    JsonNode counted;
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 50);
      await(
          database
              .bucket("b")
              .queries()
              .define(
                  "q",
                  JsonNodeFactory.instance
                      .objectNode()
                      .put("type", "probe")
                      .put("field", "n")
                      .put("probe", name),
                  Use.NOBODY));
      counted = count(database);
      assertThat(probe.given).isNotEmpty();
      database.backup(backup);
    }
    for (String copy : List.of("restored-1", "restored-2")) {
      restore(temporary.resolve(copy));
      probe.given.clear();
      try (Database database = Folders.segmented(temporary.resolve(copy)).open()) {
        assertThat(count(database)).isEqualTo(counted);
        assertThat(probe.given).as("nothing was computed again").isEmpty();
        put(database, 50, 51);
        count(database);
        assertThat(probe.given).hasSize(1);
      }
    }
  }

  private static JsonNode count(Database database) {
    return await(
        database
            .bucket("b")
            .queries()
            .call("q", "count", ViewArguments.none(), Consistency.latest()));
  }

  @Test
  void everyRestoredDatabaseIsAnotherOne() {
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 5);
      database.backup(backup);
    }
    Path one = temporary.resolve("one");
    Path other = temporary.resolve("other");
    CopyReport first = restore(one);
    CopyReport second = restore(other);
    Manifest source = Manifest.read(data);
    assertThat(List.of(first.uuid(), second.uuid(), source.uuid())).doesNotHaveDuplicates();
    assertThat(first.incarnation()).isNotEqualTo(second.incarnation());
    assertThat(first.digest()).isEqualTo(second.digest());
    assertThat(Manifest.read(one).origin()).isNotNull();
    assertThat(Manifest.read(one).origin().uuid()).isEqualTo(source.uuid());
    assertThat(Manifest.read(one).origin().incarnation()).isNotEqualTo(first.incarnation());
    // A copy of a copy, through a backup of its own.
    Path again = temporary.resolve("again");
    try (Database database = Folders.segmented(one).open()) {
      assertThatThrownBy(() -> database.backup(backup)).hasMessageContaining("another database");
      database.backup(again);
    }
    new Restore(Folders.workshop()).run(again, temporary.resolve("third"));
    assertThat(Folders.records(temporary.resolve("third"))).isEqualTo(Folders.records(data));
  }

  @Test
  void restoringIntoWhatIsThereIsRefused() throws IOException {
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 5);
      database.backup(backup);
      assertThatThrownBy(() -> restore(data)).isInstanceOf(InvalidRequestException.class);
    }
    Path full = Files.createDirectory(temporary.resolve("full"));
    Files.writeString(full.resolve("letter"), "dear");
    assertThatThrownBy(() -> restore(full)).isInstanceOf(InvalidRequestException.class);
    assertThat(Folders.files(full)).containsOnlyKeys("letter");
  }

  @Test
  void interruptedRestoreIsNotOpenedAndCanBeDoneAgain() throws IOException {
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 60);
      database.backup(backup);
    }
    Path log = backup.resolve("round-1/log");
    Path segment = Folders.below(log).get(1);
    byte[] intact = Files.readAllBytes(segment);
    byte[] damaged = intact.clone();
    damaged[damaged.length / 2] ^= 4;
    Files.delete(segment);
    Files.write(segment, damaged);
    Path restored = temporary.resolve("restored");
    assertThatThrownBy(() -> restore(restored))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(segment.toString());
    assertThatThrownBy(() -> Folders.segmented(restored).open())
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("unfinished-folder"));
    Files.write(segment, intact);
    assertThat(restore(restored).sequence()).isEqualTo(60);
    Folders.requireClean(restored);
  }

  @Test
  void backupThatLostItsEndIsRefused() throws IOException {
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 60);
      database.backup(backup);
    }
    List<Path> segments = Folders.below(backup.resolve("round-1/log"));
    Path last = segments.get(segments.size() - 1);
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, bytes.length - 100));
    assertThatThrownBy(() -> restore(temporary.resolve("restored")))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("ends at sequence");
  }

  @Test
  void damagedIndexInABackupIsBuiltAgain() throws IOException {
    try (Database database = Folders.segmented(data).open()) {
      put(database, 0, 20);
      database.backup(backup);
    }
    Folders.remove(backup.resolve("round-1/store"));
    restore(temporary.resolve("restored"));
    try (Database database = Folders.segmented(temporary.resolve("restored")).open()) {
      assertThat(database.buckets().get(0).documents()).isEqualTo(20);
    }
  }
}
