package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The bytes on disk, as {@code docs/formats/log-file.md} tells of them. */
final class FormatTest {
  private static final Incarnation INCARNATION =
      Incarnation.parse("01234567-89ab-4def-8123-456789abcdef");

  private static final LogFolder FOLDER = new LogFolder(new MemoryDisk(), TestLogs.FOLDER);

  /** Two batches in a log that was closed: {@code a}, then {@code bc} and an empty record. */
  private static final String SEGMENT =
      """
      4d524c4f470d0a1a00000001d65a5b7d
      0123456789ab4def8123456789abcdef
      00000000000000010000000000000000
      0000000000000000000000004435265c
      b4717768c00000010000000000000000
      613e82f6228000000200000001000000
      00626340f56f8ec00000000000000200
      0000012c837bc3000000010000000000
      00007300000000000000040000000000
      000000
      """;

  private static final String POSITIONS =
      """
      4d52504f530d0a1a4435265c00000003
      18d95b08000000000000004000000051
      0000006300000073
      """;

  private static String hex(byte[] bytes) {
    StringBuilder lines = new StringBuilder();
    for (int at = 0; at < bytes.length; at += 16) {
      int end = Math.min(at + 16, bytes.length);
      lines.append(HexFormat.of().formatHex(bytes, at, end)).append('\n');
    }
    return lines.toString();
  }

  private static MemoryDisk empty() {
    MemoryDisk disk = new MemoryDisk();
    disk.replace(FOLDER.segmentFile(1), SegmentHeader.of(INCARNATION, 1).encode().array());
    return disk;
  }

  private static MemoryDisk written() {
    MemoryDisk disk = empty();
    try (Log log = TestLogs.open(disk)) {
      TestLogs.append(log, "a");
      TestLogs.append(log, "bc", "");
    }
    return disk;
  }

  @Test
  void filesAreWrittenByteByByteAsDocumented() {
    MemoryDisk disk = written();
    assertThat(hex(disk.bytes(FOLDER.segmentFile(1)))).isEqualTo(SEGMENT);
    assertThat(hex(disk.bytes(FOLDER.positionsFile(1)))).isEqualTo(POSITIONS);
  }

  @Test
  void documentedBytesAreRead() {
    MemoryDisk disk = new MemoryDisk();
    disk.replace(FOLDER.segmentFile(1), HexFormat.of().parseHex(SEGMENT.replace("\n", "")));
    try (Log log = TestLogs.open(disk)) {
      assertThat(log.incarnation()).isEqualTo(INCARNATION);
      assertThat(TestLogs.readAll(log)).containsExactly("a", "bc", "");
    }
  }

  /** The log, its header saying that it has another format version. */
  private static MemoryDisk ofVersion(int version) {
    MemoryDisk disk = written();
    ByteBuffer bytes = ByteBuffer.wrap(disk.bytes(FOLDER.segmentFile(1)));
    bytes.putInt(8, version);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, 12);
    bytes.putInt(12, (int) crc.getValue());
    disk.replace(FOLDER.segmentFile(1), bytes.array());
    return disk;
  }

  private static void assertUnsupported(int version, String code) {
    assertThatThrownBy(() -> TestLogs.open(ofVersion(version)))
        .isInstanceOfSatisfying(
            UnsupportedException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("format version " + version);
  }

  @Test
  void newerVersionIsRefusedAsTooNew() {
    assertUnsupported(SegmentHeader.VERSION + 1, "format-too-new");
    assertUnsupported(Integer.MAX_VALUE, "format-too-new");
  }

  @Test
  void olderVersionIsRefusedAsTooOld() {
    assertUnsupported(0, "format-too-old");
  }

  @Test
  void changedVersionIsDamage() {
    MemoryDisk disk = written();
    byte[] bytes = disk.bytes(FOLDER.segmentFile(1));
    bytes[11] = 2;
    disk.replace(FOLDER.segmentFile(1), bytes);
    assertThatThrownBy(() -> TestLogs.open(disk))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("checksum of the format version");
  }
}
