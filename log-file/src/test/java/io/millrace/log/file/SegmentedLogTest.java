package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.TemporaryFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What this log does beyond the contract. */
@ExtendWith(NothingLeftBehind.class)
final class SegmentedLogTest {
  private static final LogFolder FOLDER = new LogFolder(new MemoryDisk(), TestLogs.FOLDER);

  private static LogProvider provider() {
    return Modules.find("log", LogProvider.class, SegmentedLogTest.class.getClassLoader())
        .named("file");
  }

  @Test
  void providerIsFoundAndKeepsItsLogInTheFolder() throws IOException {
    LogProvider provider = provider();
    assertThat(provider.formatVersion()).isEqualTo(1);
    try (TemporaryFolder temporary = TemporaryFolder.create()) {
      Path folder = temporary.path().resolve("log");
      try (Log log =
          provider.open(Settings.defaults(provider.settings()), TestLogs.context(folder, 1))) {
        TestLogs.append(log, "a");
      }
      assertThat(folder.resolve("00000000000000000001.segment")).exists();
      assertThat(Files.size(folder.resolve("00000000000000000001.segment")))
          .isEqualTo(64 + 16 + 1 + 32);
    }
  }

  @Test
  void syncIsAlwaysOrOsOrADuration() {
    assertThat(options(Map.of()).sync()).isEqualTo(SyncPolicy.ALWAYS);
    assertThat(options(Map.of("sync", "os")).sync()).isEqualTo(SyncPolicy.OS);
    assertThat(options(Map.of("sync", "100ms")).sync())
        .isEqualTo(SyncPolicy.every(Duration.ofMillis(100)));
    for (String wrong : List.of("never", "0ms", "2h", "")) {
      assertThatThrownBy(() -> options(Map.of("sync", wrong)))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageContaining("always, os, or a duration");
    }
  }

  private static LogOptions options(Map<String, String> texts) {
    return LogOptions.of(Settings.parse("", provider().settings(), texts));
  }

  @Test
  void batchThatIsLargerThanASegmentLiesInOneSegment() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    String large = "l".repeat(700_000);
    try (Log log = TestLogs.open(disk)) {
      TestLogs.append(log, "before");
      TestLogs.append(log, large, "small", large);
      TestLogs.append(log, "after");
      assertThat(TestLogs.readAll(log)).containsExactly("before", large, "small", large, "after");
      try (LogCursor reverse = log.read(SequenceRange.all().reversed(true))) {
        for (int i = 5; i > 0; i--) {
          assertThat(reverse.advance()).isTrue();
          assertThat(reverse.current().remaining()).isEqualTo(log.read(i).length);
        }
      }
    }
    assertThat(new LogFolder(disk, TestLogs.FOLDER).segments()).containsExactly(1L, 2L, 5L);
    try (Log log = TestLogs.open(disk)) {
      assertThat(TestLogs.readAll(log)).containsExactly("before", large, "small", large, "after");
    }
  }

  /** Holds up the appending thread once it has made the first record durable. */
  private static final class Gate {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch opened = new CountDownLatch(1);

    Gate(Log log) {
      onFirst(log, this::pass);
      log.append(TestLogs.batch("first"));
      await(reached);
    }

    private void pass() {
      reached.countDown();
      try {
        opened.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Lets the appending thread do {@code action} when the first record is durable. */
  private static void onFirst(Log log, Runnable action) {
    log.since()
        .onAdvance(
            last -> {
              if (last == 1) {
                action.run();
              }
            });
  }

  @Test
  void appendsThatComeWhileAnotherIsAnsweredShareOneForce() {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    LogOptions large = new LogOptions(SyncPolicy.ALWAYS, 1 << 20, 1 << 20, 1 << 20, 1 << 16);
    try (Log log = TestLogs.open(large, disk)) {
      Gate gate = new Gate(log);
      long before = forces(disk);
      List<CompletableFuture<Long>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(log.append(TestLogs.batch("more " + i)).toCompletableFuture());
      }
      gate.opened.countDown();
      answers.forEach(CompletableFuture::join);
      assertThat(forces(disk) - before).isEqualTo(1);
    }
  }

  private static long forces(FaultyDisk disk) {
    return disk.steps().stream().filter(step -> step == FaultyDisk.Step.FORCE).count();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void appendWaitsWhenTheQueueIsFullAndGoesOnWhenThereIsRoom() {
    LogOptions narrow = new LogOptions(SyncPolicy.ALWAYS, 1 << 20, 100, 1 << 20, 0);
    try (Log log = TestLogs.open(narrow, new MemoryDisk())) {
      Gate gate = new Gate(log);
      log.append(TestLogs.batch("x".repeat(90)));
      Thread waiting = new Thread(() -> TestLogs.append(log, "waits"), "waiting");
      waiting.start();
      while (waiting.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(log.since().value()).isEqualTo(1);
      gate.opened.countDown();
      join(waiting);
      assertThat(TestLogs.text(log.read(3))).isEqualTo("waits");
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void appendsOnTheAppendingThreadNeverWaitForRoom() {
    LogOptions narrow = new LogOptions(SyncPolicy.ALWAYS, 1 << 20, 100, 1 << 20, 0);
    try (Log log = TestLogs.open(narrow, new MemoryDisk())) {
      onFirst(
          log,
          () -> {
            log.append(TestLogs.batch("x".repeat(99)));
            log.append(TestLogs.batch("y".repeat(99)));
            log.append(TestLogs.batch("z"));
          });
      log.append(TestLogs.batch("first"));
      log.since().whenAtLeast(4).toCompletableFuture().join();
    }
  }

  @Test
  void closeOnTheAppendingThreadEndsTheLog() {
    MemoryDisk disk = new MemoryDisk();
    Log log = TestLogs.open(disk);
    onFirst(log, log::close);
    assertThat(TestLogs.append(log, "last")).isEqualTo(1);
    log.close();
    assertThat(disk.openFiles()).isZero();
  }

  @Test
  void hugeBatchIsRefusedBeforeAnythingIsWritten() {
    try (Log log = TestLogs.open(new MemoryDisk())) {
      byte[] one = new byte[1 << 20];
      List<byte[]> huge = Collections.nCopies(2_100, one);
      assertThatThrownBy(() -> log.append(huge))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.code()).isEqualTo("batch-too-large"));
      assertThat(TestLogs.append(log, "after")).isEqualTo(1);
    }
  }

  @Test
  void positionsThatAreWrongInSpiteOfTheirChecksumAreNotTrusted() {
    MemoryDisk disk = new MemoryDisk();
    try (Log log = TestLogs.open(disk)) {
      TestLogs.append(log, "aaaa", "bbbb", "cccc");
    }
    ByteBuffer table = ByteBuffer.wrap(disk.bytes(FOLDER.positionsFile(1)));
    for (int entry = 0; entry < 3; entry++) {
      for (int wrong : new int[] {0, 65, 64 + 20, 64 + 40, Integer.MAX_VALUE, -1}) {
        int at = 24 + entry * Integer.BYTES;
        int right = table.getInt(at);
        table.putInt(at, wrong);
        CRC32C crc = new CRC32C();
        crc.update(table.duplicate().position(24));
        table.putInt(16, (int) crc.getValue());
        disk.replace(FOLDER.positionsFile(1), table.array());
        table.putInt(at, right);
        try (Log log = TestLogs.open(disk)) {
          assertThat(TestLogs.text(log.read(2))).isEqualTo("bbbb");
          assertThat(TestLogs.text(log.read(1))).isEqualTo("aaaa");
        }
        disk.replace(FOLDER.positionsFile(1), table.array());
        try (Log log = TestLogs.open(disk)) {
          assertThat(TestLogs.readAll(log)).containsExactly("aaaa", "bbbb", "cccc");
        }
      }
    }
  }

  @Test
  void recordThatChangesWhileTheLogIsOpenIsNoticed() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (Log log = TestLogs.open(disk)) {
      TestLogs.append(log, "a");
      TestLogs.append(log, "b");
      TestLogs.append(log, "c");
      TestLogs.damage(disk, TestLogs.FOLDER, 2);
      assertThatThrownBy(() -> log.read(2)).isInstanceOf(CorruptionException.class);
      assertThat(TestLogs.text(log.read(3))).isEqualTo("c");
    }
  }

  /** Meters that remember the sum and the count of each name. */
  private static final class Recorded implements Meters {
    final Map<String, AtomicLong> sums = new ConcurrentHashMap<>();
    final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

    private void add(String name, long amount) {
      sums.computeIfAbsent(name, key -> new AtomicLong()).addAndGet(amount);
      counts.computeIfAbsent(name, key -> new AtomicLong()).incrementAndGet();
    }

    @Override
    public Counter counter(String name, String description) {
      return amount -> add(name, amount);
    }

    @Override
    public Distribution distribution(String name, String unit, String description) {
      return amount -> add(name, amount);
    }

    @Override
    public Distribution timer(String name, String description) {
      return amount -> add(name, amount);
    }

    @Override
    public void gauge(String name, String unit, String description, DoubleSupplier value) {}
  }

  @Test
  void appendsAndForcesAreMeasured() {
    Recorded meters = new Recorded();
    ModuleContext context =
        new ModuleContext(TestLogs.FOLDER, Clock.systemUTC(), new Random(1), meters);
    try (Log log = SegmentedLog.open(TestLogs.SMALL, context, new MemoryDisk())) {
      TestLogs.append(log, "a", "b");
      TestLogs.append(log, "c");
    }
    assertThat(meters.sums.get("log.append.bytes")).hasValue(3 * 17);
    assertThat(meters.sums.get("log.append.records")).hasValue(3);
    assertThat(meters.counts.get("log.append.records")).hasValue(2);
    assertThat(meters.sums.get("log.batches.per.force")).hasValue(2);
    assertThat(meters.counts.get("log.force.duration")).hasValue(2);
  }
}
