package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.log.file.MemoryDisk.Unforced;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each byte of each file of a log is changed; the change is found, or it does not matter. */
@ExtendWith(NothingLeftBehind.class)
final class ChangedByteTest {
  private static final int BATCHES = 7;
  private static final int[] CHANGES = {0x01, 0xFF};

  private final List<String> written = new ArrayList<>();

  /** What reading a changed log came to. */
  private enum Finding {
    DAMAGE_REPORTED,
    LAST_BATCH_CUT,
    EVERYTHING_INTACT
  }

  /** A log of several segments. */
  private MemoryDisk filled(boolean closedInOrder) {
    MemoryDisk disk = new MemoryDisk();
    Log log = TestLogs.open(disk);
    for (int i = 0; i < BATCHES; i++) {
      String[] texts = {"first " + i, "x".repeat(300), ""};
      TestLogs.append(log, texts);
      written.addAll(List.of(texts));
    }
    if (closedInOrder) {
      log.close();
    } else {
      disk.crash(Unforced.KEPT, new Random(1));
      TestLogs.abandon(log);
    }
    return disk;
  }

  private Finding open(Map<Path, byte[]> files, Path file, int at, int change) {
    MemoryDisk disk = MemoryDisk.of(files);
    byte[] changed = files.get(file).clone();
    changed[at] ^= (byte) change;
    disk.replace(file, changed);
    try (Log log = TestLogs.open(disk)) {
      List<String> found = TestLogs.readAll(log);
      assertThat(written).startsWith(found.toArray(new String[0]));
      assertReadsTheSame(log, found);
      if (found.size() == written.size()) {
        return Finding.EVERYTHING_INTACT;
      }
      assertThat(found).as("%s byte %d", file, at).hasSize(written.size() - 3);
      return Finding.LAST_BATCH_CUT;
    } catch (CorruptionException e) {
      assertThat(e.place()).isNotBlank();
      return Finding.DAMAGE_REPORTED;
    }
  }

  private static void assertReadsTheSame(Log log, List<String> found) {
    for (int i = 0; i < found.size(); i++) {
      assertThat(TestLogs.text(log.read(i + 1L))).isEqualTo(found.get(i));
    }
    try (LogCursor reverse = log.read(SequenceRange.all().reversed(true))) {
      for (int i = found.size(); i > 0; i--) {
        assertThat(reverse.advance()).isTrue();
        assertThat(reverse.sequence()).isEqualTo(i);
      }
    }
  }

  @Test
  void everyChangeOfAClosedLogIsReportedOrHarmless() {
    Map<Path, byte[]> files = filled(true).allBytes();
    assertThat(files).hasSizeGreaterThan(5);
    files.forEach(
        (file, bytes) -> {
          boolean segment = file.toString().endsWith(".segment");
          boolean last = file.equals(lastSegment(files));
          for (int at = 0; at < bytes.length; at++) {
            boolean footer = segment && at >= bytes.length - SegmentFooter.BYTES;
            for (int change : CHANGES) {
              Finding finding = open(files, file, at, change);
              // Of the last segment even the footer can be done without, by reading it all.
              boolean harmless = !segment || (footer && last);
              assertThat(finding)
                  .as("%s byte %d", file, at)
                  .isEqualTo(harmless ? Finding.EVERYTHING_INTACT : Finding.DAMAGE_REPORTED);
            }
          }
        });
  }

  @Test
  void everyChangeAfterACrashIsReportedOrInTheLastBatch() {
    Map<Path, byte[]> files = filled(false).allBytes();
    Path last = lastSegment(files);
    int lastBatch = 3 * FrameCodec.HEADER_BYTES + "first 0".length() + 300;
    int end = SegmentHeader.BYTES + lastBatch * (BATCHES % 2 == 0 ? 2 : 1);
    files.forEach(
        (file, bytes) -> {
          for (int at = 0; at < bytes.length; at++) {
            Finding finding = open(files, file, at, 0x10);
            if (!file.toString().endsWith(".segment") || (file.equals(last) && at >= end)) {
              assertThat(finding).isEqualTo(Finding.EVERYTHING_INTACT);
            } else if (file.equals(last) && at >= end - FrameCodec.HEADER_BYTES) {
              assertThat(finding).as("%s byte %d", file, at).isEqualTo(Finding.LAST_BATCH_CUT);
            } else if (file.equals(last) && at >= end - lastBatch) {
              // Torn, unless what follows in the batch tells that it was whole.
              assertThat(finding)
                  .as("%s byte %d", file, at)
                  .isIn(Finding.LAST_BATCH_CUT, Finding.DAMAGE_REPORTED);
            } else {
              assertThat(finding).as("%s byte %d", file, at).isEqualTo(Finding.DAMAGE_REPORTED);
            }
          }
        });
  }

  private static Path lastSegment(Map<Path, byte[]> files) {
    return files.keySet().stream()
        .filter(file -> file.toString().endsWith(".segment"))
        .max(Path::compareTo)
        .orElseThrow();
  }
}
