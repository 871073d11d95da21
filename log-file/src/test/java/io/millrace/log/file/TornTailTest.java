package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.Log;
import io.millrace.log.file.MemoryDisk.Unforced;
import io.millrace.tck.NothingLeftBehind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a crash leaves at the end of the last segment, and what only looks like it. */
@ExtendWith(NothingLeftBehind.class)
final class TornTailTest {
  private static final Path FIRST = new LogFolder(new MemoryDisk(), TestLogs.FOLDER).segmentFile(1);
  private static final List<String> KEPT = List.of("a1", "b1", "b2");
  private static final int LAST_BATCH_AT = SegmentHeader.BYTES + 3 * (FrameCodec.HEADER_BYTES + 2);
  private static final int LAST_BATCH_BYTES = 3 * FrameCodec.HEADER_BYTES + 2 + 30 + 2;
  private static final int END = LAST_BATCH_AT + LAST_BATCH_BYTES;

  /** A log with three batches after a crash that lost nothing. */
  private static MemoryDisk crashed() {
    MemoryDisk disk = new MemoryDisk();
    Log log = TestLogs.open(disk);
    TestLogs.append(log, "a1");
    TestLogs.append(log, "b1", "b2");
    TestLogs.append(log, "c1", "c".repeat(30), "c3");
    disk.crash(Unforced.KEPT, new Random(1));
    TestLogs.abandon(log);
    return disk;
  }

  private static MemoryDisk with(byte[] segment) {
    return MemoryDisk.of(Map.of(FIRST, segment));
  }

  private static void assertCut(MemoryDisk disk, Object what) {
    try (Log log = TestLogs.open(disk)) {
      assertThat(TestLogs.readAll(log)).as("%s", what).isEqualTo(KEPT);
      assertThat(TestLogs.append(log, "d1")).isEqualTo(4);
    }
    try (Log log = TestLogs.open(disk)) {
      assertThat(TestLogs.readAll(log)).containsExactly("a1", "b1", "b2", "d1");
    }
  }

  @Test
  void wholeLastBatchIsNeverCut() {
    byte[] whole = crashed().bytes(FIRST);
    for (byte[] bytes : List.of(whole, Arrays.copyOf(whole, END), Arrays.copyOf(whole, 5_000))) {
      try (Log log = TestLogs.open(with(bytes))) {
        assertThat(log.since().value()).isEqualTo(6);
        assertThat(TestLogs.readAll(log)).hasSize(6);
      }
    }
  }

  @Test
  void fileThatEndsAnywhereInTheLastBatchIsCutBeforeIt() {
    byte[] whole = crashed().bytes(FIRST);
    for (int size = LAST_BATCH_AT; size < END; size++) {
      assertCut(with(Arrays.copyOf(whole, size)), size);
    }
  }

  @Test
  void lastBatchThatTurnsIntoZerosOrGarbageAnywhereIsCut() {
    byte[] whole = crashed().bytes(FIRST);
    Random random = new Random(3);
    for (int from = LAST_BATCH_AT; from < END; from++) {
      byte[] zeros = whole.clone();
      Arrays.fill(zeros, from, END, (byte) 0);
      assertCut(with(zeros), from);
      byte[] garbage = whole.clone();
      for (int i = from; i < garbage.length; i++) {
        garbage[i] = (byte) random.nextInt();
      }
      assertCut(with(garbage), from);
    }
  }

  @Test
  void openingAgainAfterACutChangesNothing() {
    MemoryDisk disk = with(Arrays.copyOf(crashed().bytes(FIRST), END - 5));
    TestLogs.open(disk).close();
    Map<Path, byte[]> before = disk.allBytes();
    TestLogs.open(disk).close();
    TestLogs.open(disk).close();
    assertThat(disk.allBytes()).containsExactlyInAnyOrderEntriesOf(before);
  }

  @Test
  void damageBeforeTheLastBatchIsReportedWithItsPlaceEvenAfterACrash() {
    byte[] whole = crashed().bytes(FIRST);
    for (int at = SegmentHeader.BYTES; at < LAST_BATCH_AT; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x20;
      assertThatThrownBy(() -> TestLogs.open(with(damaged)))
          .as("byte %d", at)
          .isInstanceOfSatisfying(
              CorruptionException.class, e -> assertThat(e.place()).contains(FIRST + " at byte "));
    }
  }

  @Test
  void sectorOfDurableRecordsThatReadsAsZerosIsDamage() {
    byte[] damaged = crashed().bytes(FIRST);
    Arrays.fill(damaged, SegmentHeader.BYTES, SegmentHeader.BYTES + 18, (byte) 0);
    assertThatThrownBy(() -> TestLogs.open(with(damaged))).isInstanceOf(CorruptionException.class);
  }

  /** Frames as one write puts them, none of them known to be durable before. */
  private static ByteBuffer oneGroup(int batches, int recordBytes) {
    SegmentHeader header = SegmentHeader.decode(FIRST, ByteBuffer.wrap(crashed().bytes(FIRST)));
    ByteBuffer segment = ByteBuffer.allocate(64 << 10);
    segment.put(header.encode());
    FrameCodec codec = new FrameCodec();
    for (int i = 0; i < batches; i++) {
      byte[] record = new byte[recordBytes];
      Arrays.fill(record, (byte) ('a' + i));
      codec.put(segment, record, true, i, i, header.mask());
    }
    return segment;
  }

  @Test
  void groupWhoseSectorsReachedTheDiskOutOfOrderIsCutAtTheFirstHole() {
    ByteBuffer segment = oneGroup(5, 1_000);
    Arrays.fill(segment.array(), 2_048, 2_560, (byte) 0);
    MemoryDisk disk = with(segment.array());
    try (Log log = TestLogs.open(disk)) {
      assertThat(log.since().value()).isEqualTo(1);
      // A record like the one that was cut must not bring back those that lay behind it.
      TestLogs.append(log, "b".repeat(1_000));
      disk.crash(Unforced.KEPT, new Random(1));
      TestLogs.abandon(log);
    }
    try (Log log = TestLogs.open(disk)) {
      assertThat(log.since().value()).isEqualTo(2);
    }
  }

  @Test
  void changedByteInAGroupIsDamageWhenIntactRecordsFollow() {
    ByteBuffer segment = oneGroup(5, 1_000);
    segment.array()[2_300] ^= 1;
    assertThatThrownBy(() -> TestLogs.open(with(segment.array())))
        .isInstanceOf(CorruptionException.class);
  }
}
