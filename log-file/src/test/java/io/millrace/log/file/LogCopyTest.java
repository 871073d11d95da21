package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Log;
import io.millrace.spi.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a log beside it and elsewhere, and logs that are only read. */
final class LogCopyTest {
  @TempDir Path temporary;

  private Path folder;
  private final List<String> written = new ArrayList<>();

  @BeforeEach
  void name() {
    folder = temporary.resolve("log");
  }

  private Log open(Disk disk) {
    return SegmentedLog.open(TestLogs.SMALL, TestLogs.context(folder, 1), disk);
  }

  private void append(Log log, int records) {
    for (int i = 0; i < records; i++) {
      String text = written.size() + "x".repeat(200);
      written.add(text);
      TestLogs.append(log, text);
    }
  }

  private Path copy(int number) {
    return temporary.resolve("copy-" + number);
  }

  private static List<String> content(Path copy) {
    try (Log log =
        SegmentedLog.open(
            TestLogs.SMALL,
            TestLogs.context(copy, 1),
            new ReadOnlyDisk(new ChannelDisk(), repair -> {}))) {
      return TestLogs.readAll(log);
    }
  }

  private static Map<String, ByteBuffer> files(Path folder) throws IOException {
    Map<String, ByteBuffer> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private static List<Path> segments(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(".segment")).sorted().toList();
    }
  }

  private static Object identity(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  @Test
  void finishedSegmentsAreShared() throws IOException {
    try (Log log = open(new ChannelDisk())) {
      append(log, 20);
      log.checkpoint(copy(1), null);
    }
    List<Path> copied = segments(copy(1));
    assertThat(copied).hasSizeGreaterThan(3);
    for (int i = 0; i < copied.size(); i++) {
      Path original = folder.resolve(copied.get(i).getFileName());
      boolean last = i == copied.size() - 1;
      assertThat(identity(copied.get(i)).equals(identity(original))).isEqualTo(!last);
    }
    assertThat(content(copy(1))).isEqualTo(written);
  }

  @Test
  void elsewhereSegmentsAreSharedWithTheCopyBefore() throws IOException {
    try (Log log = open(new FaultyDisk(new ChannelDisk()).notLinking(folder))) {
      append(log, 22);
      log.checkpoint(copy(1), null);
      append(log, 10);
      log.checkpoint(copy(2), copy(1));
    }
    List<Path> first = segments(copy(1));
    for (Path segment : first) {
      Path original = folder.resolve(segment.getFileName());
      Path second = copy(2).resolve(segment.getFileName());
      boolean last = segment.equals(first.get(first.size() - 1));
      assertThat(identity(segment)).isNotEqualTo(identity(original));
      assertThat(identity(segment).equals(identity(second))).isEqualTo(!last);
    }
    assertThat(content(copy(1))).isEqualTo(written.subList(0, 22));
    assertThat(content(copy(2))).isEqualTo(written);
  }

  @Test
  void segmentsOfAnotherLogAreNotShared() throws IOException {
    try (Log log = open(new FaultyDisk(new ChannelDisk()).notLinking(folder))) {
      append(log, 20);
      log.checkpoint(copy(1), null);
    }
    Path former = folder;
    folder = temporary.resolve("other");
    written.clear();
    try (Log log =
        SegmentedLog.open(
            TestLogs.SMALL,
            TestLogs.context(folder, 2),
            new FaultyDisk(new ChannelDisk()).notLinking(folder))) {
      append(log, 20);
      log.checkpoint(copy(2), copy(1));
      assertThat(content(copy(2))).isEqualTo(written);
    }
    for (Path segment : segments(copy(2))) {
      assertThat(identity(segment)).isNotEqualTo(identity(copy(1).resolve(segment.getFileName())));
    }
    assertThat(former).exists();
  }

  @Test
  void copyThatFailsHarmsNothing() {
    int steps = stepsOfACopy();
    assertThat(steps).isGreaterThan(8);
    for (int step = 0; step < steps; step++) {
      Path target = copy(100 + step);
      FaultyDisk disk = new FaultyDisk(new ChannelDisk());
      Log log = open(disk);
      disk.failFrom(disk.steps().size() + step, FaultyDisk.Fault.HALF_DONE);
      assertThatThrownBy(() -> log.checkpoint(target, null))
          .as("step " + step)
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("log-copy-failed"));
      TestLogs.abandon(log);
      try (Log again = open(new ChannelDisk())) {
        assertThat(TestLogs.readAll(again)).as("step " + step).isEqualTo(written);
      }
    }
  }

  private int stepsOfACopy() {
    FaultyDisk disk = new FaultyDisk(new ChannelDisk());
    try (Log log = open(disk)) {
      append(log, 20);
    }
    try (Log log = open(disk)) {
      int before = disk.steps().size();
      log.checkpoint(copy(1), null);
      return disk.steps().size() - before;
    }
  }

  @Test
  void copyIsForced() {
    FaultyDisk disk = new FaultyDisk(new ChannelDisk()).notLinking(folder);
    try (Log log = open(disk)) {
      append(log, 20);
      int before = disk.steps().size();
      log.checkpoint(copy(1), null);
      List<FaultyDisk.Step> steps = disk.steps().subList(before, disk.steps().size());
      assertThat(steps.stream().filter(step -> step == FaultyDisk.Step.FORCE))
          .hasSameSizeAs(steps.stream().filter(step -> step == FaultyDisk.Step.CREATE).toList());
      assertThat(steps.get(steps.size() - 1)).isEqualTo(FaultyDisk.Step.FORCE_FOLDER);
    }
  }

  @Test
  void copyThatLostItsEndIsNotTakenForATornOne() throws IOException {
    try (Log log = open(new ChannelDisk())) {
      append(log, 21);
      log.checkpoint(copy(1), null);
    }
    List<Path> segments = segments(copy(1));
    Path last = segments.get(segments.size() - 1);
    byte[] bytes = Files.readAllBytes(last);
    bytes[bytes.length - SegmentFooter.BYTES - 5] ^= 1;
    Files.write(last, bytes);
    assertThatThrownBy(() -> content(copy(1)))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(last.toString());
  }

  @Test
  void whatACrashLeftIsReadAndReportedAndStays() throws IOException {
    FaultyDisk disk = new FaultyDisk(new ChannelDisk());
    Log log = open(disk);
    append(log, 12);
    disk.kill();
    TestLogs.abandon(log);
    List<Path> segments = segments(folder);
    Path last = segments.get(segments.size() - 1);
    Files.writeString(folder.resolve("half.new"), "half");
    Map<String, ByteBuffer> before = files(folder);
    List<String> repairs = new ArrayList<>();
    FileLogProvider provider = new FileLogProvider();
    try (Log read =
        provider.openForReading(
            Settings.defaults(provider.settings()), TestLogs.context(folder, 1), repairs::add)) {
      assertThat(TestLogs.readAll(read)).isEqualTo(written);
      assertThatThrownBy(() -> TestLogs.append(read, "no"))
          .hasCauseInstanceOf(MillraceException.class);
    }
    assertThat(files(folder)).isEqualTo(before);
    assertThat(repairs).hasSize(2);
    assertThat(repairs.get(0)).contains("half.new");
    assertThat(repairs.get(1)).contains(last.toString(), "behind the last whole batch");
    try (Log again = open(new ChannelDisk())) {
      assertThat(TestLogs.readAll(again)).isEqualTo(written);
    }
  }

  @Test
  void nothingIsMadeByReading() {
    FileLogProvider provider = new FileLogProvider();
    assertThatThrownBy(
            () ->
                provider.openForReading(
                    Settings.defaults(provider.settings()),
                    TestLogs.context(folder, 1),
                    repair -> {}))
        .isInstanceOf(UnavailableException.class);
    assertThat(folder).doesNotExist();
  }
}
