package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.log.file.MemoryDisk.Unforced;
import io.millrace.tck.NothingLeftBehind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is found on opening, and what is made of it. */
@ExtendWith(NothingLeftBehind.class)
final class RecoveryTest {
  private final List<String> written = new ArrayList<>();
  private final MemoryDisk disk = filled(7);
  private final LogFolder folder = new LogFolder(disk, TestLogs.FOLDER);

  private MemoryDisk filled(long seed) {
    MemoryDisk made = new MemoryDisk();
    try (Log log =
        SegmentedLog.open(TestLogs.SMALL, TestLogs.context(TestLogs.FOLDER, seed), made)) {
      for (int i = 0; i < 9; i++) {
        String text = i + "y".repeat(300);
        TestLogs.append(log, text);
        written.add(text);
      }
    }
    return made;
  }

  private List<Long> segments() throws IOException {
    return folder.segments();
  }

  private void assertIntact() {
    try (Log log = TestLogs.open(disk)) {
      assertThat(TestLogs.readAll(log)).isEqualTo(written);
      for (int i = 0; i < written.size(); i++) {
        assertThat(TestLogs.text(log.read(i + 1L))).isEqualTo(written.get(i));
      }
    }
    assertThat(disk.openFiles()).isZero();
  }

  private void assertDamaged(String message) {
    assertThatThrownBy(() -> TestLogs.open(disk))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(message);
    assertThat(disk.openFiles()).isZero();
  }

  @Test
  void segmentsAreNamedByTheirFirstSequence() throws IOException {
    assertThat(segments()).containsExactly(1L, 4L, 7L);
    assertThat(folder.segmentFile(1)).hasFileName("00000000000000000001.segment");
    assertThat(folder.positionsFile(4)).hasFileName("00000000000000000004.positions");
    assertIntact();
  }

  @Test
  void openingAndClosingChangesNothing() {
    Map<Path, byte[]> before = disk.allBytes();
    assertIntact();
    assertIntact();
    assertThat(disk.allBytes()).containsExactlyInAnyOrderEntriesOf(before);
  }

  @Test
  void openingAClosedLogReadsNoRecords() {
    // Damage that is not read is not found; that is the price of opening at once.
    byte[] last = disk.bytes(folder.segmentFile(7));
    last[SegmentHeader.BYTES + 20] ^= 1;
    disk.replace(folder.segmentFile(7), last);
    try (Log log = TestLogs.open(disk)) {
      assertThat(log.since().value()).isEqualTo(9);
      assertThatThrownBy(() -> log.read(7)).isInstanceOf(CorruptionException.class);
      assertThat(TestLogs.text(log.read(8))).isEqualTo(written.get(7));
      assertThat(TestLogs.append(log, "still appends")).isEqualTo(10);
    }
  }

  @Test
  void missingSegmentIsDamage() {
    disk.delete(folder.segmentFile(4));
    assertDamaged("begins with sequence 7, but 4 is next");
  }

  @Test
  void missingFirstSegmentIsDamage() {
    disk.delete(folder.segmentFile(1));
    assertDamaged("begins with sequence 4, but 1 is next");
  }

  @Test
  void missingLastSegmentIsDamage() {
    disk.delete(folder.segmentFile(7));
    assertDamaged("beginning with sequence 7, is missing");
  }

  @Test
  void segmentOfAnotherIncarnationIsDamage() {
    MemoryDisk other = filled(8);
    disk.replace(folder.segmentFile(4), other.bytes(folder.segmentFile(4)));
    assertDamaged("belongs to the log with incarnation");
  }

  @Test
  void framesOfAnotherIncarnationAreDamage() {
    byte[] foreign = filled(8).bytes(folder.segmentFile(4));
    byte[] mixed = disk.bytes(folder.segmentFile(4));
    System.arraycopy(
        foreign, SegmentHeader.BYTES, mixed, SegmentHeader.BYTES, 300 + FrameCodec.HEADER_BYTES);
    disk.replace(folder.segmentFile(4), mixed);
    try (Log log = TestLogs.open(disk)) {
      assertThatThrownBy(() -> log.read(4)).isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void renamedSegmentIsDamage() throws IOException {
    disk.rename(folder.segmentFile(4), folder.segmentFile(5));
    assertDamaged("the header says that the first sequence is 4, the name says 5");
  }

  @Test
  void emptySegmentFileIsDamage() {
    disk.replace(folder.segmentFile(7), new byte[0]);
    assertDamaged("not a segment of a log");
  }

  @Test
  void segmentThatWasNeverGivenItsNameIsTakenAway() {
    disk.replace(LogFolder.unfinished(folder.segmentFile(10)), new byte[17]);
    assertIntact();
    assertThat(disk.allBytes()).doesNotContainKey(LogFolder.unfinished(folder.segmentFile(10)));
  }

  @Test
  void segmentThatWasBegunWhileTheOldOneWasNotFinishedIsTakenAway() throws IOException {
    byte[] last = disk.bytes(folder.segmentFile(7));
    disk.replace(folder.segmentFile(7), Arrays.copyOf(last, last.length - SegmentFooter.BYTES / 2));
    Incarnation incarnation = incarnation();
    disk.replace(folder.segmentFile(10), SegmentHeader.of(incarnation, 10).encode().array());
    assertIntact();
    assertThat(segments()).containsExactly(1L, 4L, 7L);
  }

  private Incarnation incarnation() {
    try (Log log = TestLogs.open(MemoryDisk.of(disk.allBytes()))) {
      return log.incarnation();
    }
  }

  @Test
  void unfinishedSegmentBeforeOneWithRecordsIsDamage() {
    byte[] middle = disk.bytes(folder.segmentFile(4));
    disk.replace(folder.segmentFile(4), Arrays.copyOf(middle, middle.length - 1));
    assertDamaged("the footer is missing, though another segment follows");
  }

  @Test
  void missingPositionsAreMadeAgain() {
    Map<Path, byte[]> before = disk.allBytes();
    for (long first : List.of(1L, 4L, 7L)) {
      disk.delete(folder.positionsFile(first));
    }
    assertIntact();
    assertThat(disk.allBytes()).containsExactlyInAnyOrderEntriesOf(before);
  }

  @Test
  void positionsOfAnotherSegmentAreMadeAgain() {
    disk.replace(folder.positionsFile(4), disk.bytes(folder.positionsFile(1)));
    assertIntact();
  }

  @Test
  void emptyPositionsAreMadeAgain() {
    disk.replace(folder.positionsFile(4), new byte[0]);
    assertIntact();
  }

  @Test
  void appendingGoesOnAfterClosingInOrder() {
    for (int i = 0; i < 6; i++) {
      try (Log log = TestLogs.open(disk)) {
        String text = "more " + i + "z".repeat(150);
        TestLogs.append(log, text);
        written.add(text);
      }
      assertIntact();
    }
  }

  @Test
  void crashAtAnyTimeAfterReopeningKeepsEverything() {
    for (int i = 0; i < 8; i++) {
      Log log = TestLogs.open(disk);
      String text = "more " + i + "z".repeat(150);
      TestLogs.append(log, text);
      written.add(text);
      disk.crash(Unforced.LOST, new Random(i));
      TestLogs.abandon(log);
      assertIntact();
    }
  }

  @Test
  void openLogCannotBeOpenedAgain() {
    try (Log log = TestLogs.open(disk)) {
      assertThatThrownBy(() -> TestLogs.open(disk))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("log-locked"));
      assertThat(TestLogs.append(log, "not disturbed")).isEqualTo(10);
    }
  }

  @Test
  void powerLossInAnyStepOfMakingALogLeavesALogThatOpens() {
    FaultyDisk counting = new FaultyDisk(new MemoryDisk());
    TestLogs.open(counting).close();
    for (int n = 0; n < counting.steps().size(); n++) {
      for (Unforced unforced : Unforced.values()) {
        MemoryDisk memory = new MemoryDisk();
        FaultyDisk failing = new FaultyDisk(memory);
        failing.failFrom(n, FaultyDisk.Fault.HALF_DONE);
        try {
          TestLogs.abandon(TestLogs.open(failing));
        } catch (UnavailableException e) {
          assertThat(e.code()).isEqualTo("log-open-failed");
        }
        memory.crash(unforced, new Random(n));
        try (Log log = TestLogs.open(memory)) {
          assertThat(TestLogs.append(log, "first")).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void foreignFilesAreLeftAlone() {
    Path note = TestLogs.FOLDER.resolve("note.txt");
    disk.replace(note, new byte[] {1});
    assertIntact();
    assertThat(new TreeMap<>(disk.allBytes())).containsKey(note);
  }
}
