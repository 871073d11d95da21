package io.millrace.log.file;

import io.millrace.api.log.Incarnation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The folder of one log: which files are in it and how they come and go. */
record LogFolder(Disk disk, Path path) {
  private static final Pattern SEGMENT_NAME = Pattern.compile("\\d{20}\\.segment");
  private static final String SEGMENT_SUFFIX = ".segment";
  private static final String POSITIONS_SUFFIX = ".positions";

  /** Of files that are given their name only when they are whole. */
  private static final String UNFINISHED_SUFFIX = ".new";

  Path segmentFile(long firstSequence) {
    return path.resolve(name(firstSequence) + SEGMENT_SUFFIX);
  }

  Path positionsFile(long firstSequence) {
    return path.resolve(name(firstSequence) + POSITIONS_SUFFIX);
  }

  static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + UNFINISHED_SUFFIX);
  }

  private static String name(long firstSequence) {
    return String.format(Locale.ROOT, "%020d", firstSequence);
  }

  /** Deletes what a crash left half made. */
  void deleteUnfinished() throws IOException {
    for (String name : disk.list(path)) {
      if (name.endsWith(UNFINISHED_SUFFIX)) {
        disk.delete(path.resolve(name));
      }
    }
  }

  /** The first sequences of the segments, by the names of the files, in ascending order. */
  List<Long> segments() throws IOException {
    List<Long> firsts = new ArrayList<>();
    for (String name : disk.list(path)) {
      if (SEGMENT_NAME.matcher(name).matches()) {
        firsts.add(Long.parseLong(name.substring(0, name.length() - SEGMENT_SUFFIX.length())));
      }
    }
    firsts.sort(null);
    return firsts;
  }

  /**
   * Makes a segment without records, durably. A file with the name of a segment always has a whole
   * header, whenever the power fails.
   */
  Segment createSegment(Incarnation incarnation, long firstSequence) throws IOException {
    SegmentHeader header = SegmentHeader.of(incarnation, firstSequence);
    Path file = segmentFile(firstSequence);
    Path unfinished = unfinished(file);
    try (DiskFile segment = disk.create(unfinished)) {
      segment.write(header.encode(), 0);
      segment.force();
    }
    disk.rename(unfinished, file);
    disk.forceFolder(path);
    return Segment.growing(this, header, new GrowingPositions(SegmentHeader.BYTES));
  }

  /** Takes away a segment that never held a record, durably. */
  void deleteSegment(long firstSequence) throws IOException {
    disk.delete(segmentFile(firstSequence));
    disk.forceFolder(path);
  }
}
