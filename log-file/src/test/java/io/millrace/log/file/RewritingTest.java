package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogRewriting;
import io.millrace.log.file.MemoryDisk.Unforced;
import io.millrace.spi.ModuleContext;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Segments are written anew without losing anything, whatever happens amid that. */
@ExtendWith(NothingLeftBehind.class)
final class RewritingTest {
  private static final int RECORDS = 40;
  private static final String ERASED = "-";

  /** Erases every second record. */
  private static final class EverySecond implements LogRewriting {
    private long reclaimed;

    @Override
    public boolean concerns(long first, long last) {
      return true;
    }

    @Override
    public byte[] keep(long sequence, byte[] record) {
      boolean stays = sequence % 2 == 0 || TestLogs.text(record).equals(ERASED);
      return stays ? record : TestLogs.bytes(ERASED);
    }

    @Override
    public void worked(long bytes, long more) {
      reclaimed += more;
    }
  }

  private static String text(int sequence) {
    return "secret " + sequence + "x".repeat(60);
  }

  private static String erased(int sequence) {
    return sequence % 2 == 0 ? text(sequence) : ERASED;
  }

  private static void fill(Log log) {
    for (int i = 1; i < RECORDS; i += 2) {
      TestLogs.append(log, text(i), text(i + 1));
    }
  }

  private static List<String> expected(int erasedUpTo) {
    List<String> texts = new ArrayList<>();
    for (int i = 1; i <= RECORDS; i++) {
      texts.add(i <= erasedUpTo ? erased(i) : text(i));
    }
    return texts;
  }

  /** Every record is there, and what is erased is all that lies before some segment. */
  private static void assertRewrittenUpToSomeSegment(List<String> found) {
    int upTo = 0;
    for (int i = 1; i <= found.size(); i += 2) {
      upTo = found.get(i - 1).equals(ERASED) ? i : upTo;
    }
    assertThat(found).isEqualTo(expected(upTo));
  }

  private static int stepsBefore() {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    Log log = TestLogs.open(disk);
    fill(log);
    int steps = disk.steps().size();
    log.close();
    return steps;
  }

  @ParameterizedTest
  @EnumSource(FaultyDisk.Fault.class)
  void failureOfAnyStepLeavesEverySegmentWhole(FaultyDisk.Fault fault) {
    int first = stepsBefore();
    int failures = 0;
    boolean failed = true;
    for (int n = first; failed; n++) {
      failed = false;
      for (Unforced unforced : Unforced.values()) {
        MemoryDisk memory = new MemoryDisk();
        Log log = TestLogs.open(new FaultyDisk(memory).failFrom(n, fault));
        fill(log);
        try {
          log.rewrite(RECORDS, new EverySecond());
          assertThat(TestLogs.readAll(log)).isEqualTo(expected(RECORDS));
        } catch (MillraceException e) {
          assertThat(e).isInstanceOf(UnavailableException.class);
          assertRewrittenUpToSomeSegment(TestLogs.readAll(log));
          failed = true;
          failures++;
        }
        memory.crash(unforced, new Random(n));
        TestLogs.abandon(log);
        try (Log again = TestLogs.open(memory)) {
          assertRewrittenUpToSomeSegment(TestLogs.readAll(again));
          again.rewrite(RECORDS, new EverySecond());
          assertThat(TestLogs.readAll(again)).isEqualTo(expected(RECORDS));
          assertThat(TestLogs.append(again, "more")).isEqualTo(RECORDS + 1);
        }
        assertThat(memory.openFiles()).isZero();
      }
    }
    assertThat(failures).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(Unforced.class)
  void nothingIsErasedUnlessWhatCameLaterIsDurable(Unforced unforced) {
    LogOptions lazy = new LogOptions(SyncPolicy.OS, 1_024, 1 << 20, 1 << 20, 0);
    for (int seed = 0; seed < 20; seed++) {
      MemoryDisk memory = new MemoryDisk();
      Log log = TestLogs.open(lazy, memory);
      fill(log);
      LogRewriting first =
          new LogRewriting() {
            @Override
            public boolean concerns(long from, long to) {
              return from == 1;
            }

            @Override
            public byte[] keep(long sequence, byte[] record) {
              return sequence == 1 ? TestLogs.bytes(ERASED) : record;
            }

            @Override
            public void worked(long bytes, long reclaimed) {}
          };
      log.rewrite(1, first);
      memory.crash(unforced, new Random(seed));
      TestLogs.abandon(log);
      try (Log again = TestLogs.open(lazy, memory)) {
        List<String> found = TestLogs.readAll(again);
        assertThat(found).hasSize(RECORDS);
        assertThat(found.get(0)).isEqualTo(ERASED);
      }
    }
  }

  /** The tests above notice a rewriting that does not force. */
  @Test
  void forgottenForceIsNoticed() {
    MemoryDisk memory = new MemoryDisk();
    try (Log log = TestLogs.open(memory)) {
      fill(log);
    }
    Log log = TestLogs.open(new FaultyDisk(memory).forgettingToForce());
    log.rewrite(RECORDS, new EverySecond());
    memory.crash(Unforced.LOST, new Random(1));
    TestLogs.abandon(log);
    assertThatThrownBy(
            () -> {
              try (Log again = TestLogs.open(memory)) {
                assertThat(TestLogs.readAll(again)).isEqualTo(expected(RECORDS));
              }
            })
        .isInstanceOfAny(CorruptionException.class, AssertionError.class);
  }

  @Test
  void nothingOfWhatWasErasedIsLeftInAnyFile() throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Path path = folder.path().resolve("log");
      EverySecond rewriting = new EverySecond();
      long before;
      try (Log log = open(path)) {
        fill(log);
        before = bytes(path);
        log.rewrite(RECORDS, rewriting);
        assertThat(before - bytes(path)).isPositive();
        assertThat(rewriting.reclaimed).isGreaterThan(20L * 60);
        assertThat(files(path)).noneMatch(file -> holds(file, "secret 1x"));
        assertThat(files(path)).anyMatch(file -> holds(file, "secret 2x"));
      }
      try (Log log = open(path)) {
        assertThat(TestLogs.readAll(log)).isEqualTo(expected(RECORDS));
      }
    }
  }

  private static Log open(Path path) {
    ModuleContext context = TestLogs.context(path, 3);
    return SegmentedLog.open(TestLogs.SMALL, context, new ChannelDisk());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static boolean holds(Path file, String text) {
    try {
      return TestLogs.text(Files.readAllBytes(file)).contains(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void copiesMadeBeforeAndAfterAreEachWhole() {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Path before = folder.path().resolve("before");
      Path after = folder.path().resolve("after");
      try (Log log = open(folder.path().resolve("log"))) {
        fill(log);
        log.checkpoint(before, null);
        log.rewrite(RECORDS, new EverySecond());
        log.checkpoint(after, before);
      }
      try (Log copy = open(before)) {
        assertThat(TestLogs.readAll(copy)).isEqualTo(expected(0));
      }
      try (Log copy = open(after)) {
        assertThat(TestLogs.readAll(copy)).isEqualTo(expected(RECORDS));
      }
    }
  }

  @Test
  void damageEndsTheRewritingBeforeTheSegmentThatHasIt() throws IOException {
    MemoryDisk memory = new MemoryDisk();
    try (Log log = TestLogs.open(memory)) {
      fill(log);
    }
    TestLogs.damage(memory, TestLogs.FOLDER, 20);
    try (Log log = TestLogs.open(memory)) {
      assertThatThrownBy(() -> log.rewrite(RECORDS, new EverySecond()))
          .isInstanceOf(CorruptionException.class);
      assertThat(TestLogs.text(log.read(1))).isEqualTo(ERASED);
      assertThat(TestLogs.text(log.read(39))).isEqualTo(text(39));
    }
  }
}
