package io.millrace.log.file;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.Incarnation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a log holds when it is opened, and puts its tail in order.
 *
 * <p>Of a finished segment only header and footer are looked at. Without a footer only the last
 * segment can be, after a crash; it is read from its start and cut back to the last whole batch.
 * The one exception: while a new segment is begun the old one still has no footer, and then the new
 * one holds nothing and is taken away.
 */
final class LogRecovery {
  private final LogFolder folder;

  LogRecovery(LogFolder folder) {
    this.folder = folder;
  }

  /** What one segment's file says of itself. */
  private record Description(Path file, SegmentHeader header, @Nullable SegmentFooter footer) {
    boolean isRolled() {
      return footer != null && footer.kind() == SegmentFooter.Kind.ROLLED;
    }
  }

  /** Opens all segments in order, at least one. The caller closes them. */
  List<Segment> open(RandomGenerator random) throws IOException {
    folder.deleteUnfinished();
    List<Description> found = new ArrayList<>();
    for (long first : folder.segments()) {
      found.add(describe(folder.segmentFile(first), first));
    }
    if (found.isEmpty()) {
      UUID id = randomUuid(random);
      return List.of(folder.createSegment(new Incarnation(id), 1));
    }
    takeAwayBarelyBegun(found);
    checkOrder(found);
    List<Segment> opened = new ArrayList<>();
    boolean done = false;
    try {
      for (Description one : found) {
        opened.add(
            one.footer() == null
                ? recover(one)
                : Segment.finished(folder, one.header(), one.footer()));
      }
      done = true;
      return opened;
    } finally {
      if (!done) {
        Segments.closeAll(opened);
      }
    }
  }

  /** The last sequence in segments that were just opened. */
  static long lastOf(List<Segment> opened) throws IOException {
    Segment last = opened.get(opened.size() - 1);
    return last.isFinished()
        ? last.lastSequence()
        : last.firstSequence() - 1 + last.grow().records();
  }

  private static UUID randomUuid(RandomGenerator random) {
    long high = random.nextLong() & ~0xF000L | 0x4000L;
    long low = random.nextLong() >>> 2 | 1L << 63;
    return new UUID(high, low);
  }

  private Description describe(Path file, long first) throws IOException {
    try (DiskFile io = folder.disk().openForReading(file)) {
      long size = io.size();
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(SegmentHeader.BYTES, size));
      io.readFully(bytes, 0);
      SegmentHeader header = SegmentHeader.decode(file, bytes);
      if (header.firstSequence() != first) {
        throw new CorruptionException(
            Place.in(file, 0),
            "the header says that the first sequence is "
                + header.firstSequence()
                + ", the name says "
                + first);
      }
      SegmentFooter footer = null;
      if (size >= SegmentHeader.BYTES + SegmentFooter.BYTES) {
        ByteBuffer tail = ByteBuffer.allocate(SegmentFooter.BYTES);
        io.readFully(tail, size - SegmentFooter.BYTES);
        footer = SegmentFooter.decode(tail, size - SegmentFooter.BYTES, header.mask());
      }
      return new Description(file, header, footer);
    }
  }

  private void takeAwayBarelyBegun(List<Description> found) throws IOException {
    int last = found.size() - 1;
    if (last == 0 || found.get(last - 1).isRolled() || found.get(last).footer() != null) {
      return;
    }
    Description begun = found.get(last);
    try (DiskFile io = folder.disk().openForReading(begun.file())) {
      if (new SegmentScan(begun.file(), io, begun.header()).isUnused()) {
        folder.deleteSegment(begun.header().firstSequence());
        found.remove(last);
      }
    }
  }

  private static void checkOrder(List<Description> found) {
    Incarnation incarnation = found.get(0).header().incarnation();
    long expected = 1;
    for (Description one : found) {
      SegmentHeader header = one.header();
      if (!header.incarnation().equals(incarnation)) {
        throw new CorruptionException(
            Place.in(one.file(), 0),
            "belongs to the log with incarnation "
                + header.incarnation()
                + ", the segments before to "
                + incarnation);
      }
      if (header.firstSequence() != expected) {
        throw new CorruptionException(
            Place.in(one.file(), 0),
            "begins with sequence "
                + header.firstSequence()
                + ", but "
                + expected
                + " is next: a segment is missing");
      }
      boolean last = one == found.get(found.size() - 1);
      SegmentFooter footer = one.footer();
      if (footer != null) {
        expected = footer.nextSequence();
      }
      if (!last && !one.isRolled()) {
        throw new CorruptionException(
            one.file() + " at its end", "the footer is missing, though another segment follows");
      }
      if (last && one.isRolled()) {
        throw new CorruptionException(
            one.file() + " at its end",
            "the next segment, beginning with sequence " + expected + ", is missing");
      }
    }
  }

  private Segment recover(Description one) throws IOException {
    try (DiskFile io = folder.disk().openForWriting(one.file())) {
      GrowingPositions positions = new SegmentScan(one.file(), io, one.header()).wholeBatches();
      if (io.size() > positions.end()) {
        // Nothing of the tail may be found again behind records that are appended later.
        io.truncate(positions.end());
      }
      // What is served from now on may have been written but never forced.
      io.force();
      return Segment.growing(folder, one.header(), positions);
    }
  }
}
