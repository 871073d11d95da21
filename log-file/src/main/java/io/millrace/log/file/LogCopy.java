package io.millrace.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the durable part of a log to another folder.
 *
 * <p>Finished segments never change, so they are linked where that can be done: from the log, else
 * from an earlier copy. The segment with the last record is copied up to it and ends with a footer,
 * as if the log had been closed there. Tables of positions are made again when they are needed.
 */
final class LogCopy {
  private static final int BLOCK_BYTES = 1 << 20;

  private final LogFolder target;
  private final @Nullable LogFolder earlier;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);

  /**
   * @param earlier the folder of an earlier copy, if there is one
   */
  LogCopy(Disk disk, Path target, @Nullable Path earlier) {
    this.target = new LogFolder(disk, target);
    this.earlier = earlier == null ? null : new LogFolder(disk, earlier);
  }

  /**
   * Copies {@code segments}, of which all but the last are finished, up to the record {@code last}.
   */
  void write(List<Segment> segments, long last) throws IOException {
    target.disk().createFolder(target.path());
    Segment tail = segments.get(segments.size() - 1);
    for (Segment segment : segments) {
      Path file = target.segmentFile(segment.firstSequence());
      if (segment == tail) {
        copyTail(segment, Math.toIntExact(last + 1 - segment.firstSequence()), file);
      } else if (!target.disk().link(segment.file(), file) && !linkEarlier(segment, file)) {
        try (DiskFile from = target.disk().openForReading(segment.file());
            DiskFile to = target.disk().create(file)) {
          copy(from, from.size(), to);
          to.force();
        }
      }
    }
    target.disk().forceFolder(target.path());
  }

  private void copyTail(Segment segment, int records, Path file) throws IOException {
    long end = segment.positions().position(records);
    SegmentFooter footer =
        new SegmentFooter(SegmentFooter.Kind.CLOSED, end, segment.firstSequence() + records);
    try (DiskFile from = target.disk().openForReading(segment.file());
        DiskFile to = target.disk().create(file)) {
      copy(from, end, to);
      to.write(footer.encode(segment.header().mask()), end);
      to.force();
    }
  }

  private void copy(DiskFile from, long bytes, DiskFile to) throws IOException {
    for (long at = 0; at < bytes; ) {
      block.clear().limit((int) Math.min(BLOCK_BYTES, bytes - at));
      if (!from.readFully(block, at)) {
        throw new IOException("a segment ends early, at byte " + from.size());
      }
      block.flip();
      int length = block.remaining();
      to.write(block, at);
      at += length;
    }
  }

  /** Links the segment of the earlier copy, if it is there and finished, too. */
  private boolean linkEarlier(Segment segment, Path file) throws IOException {
    LogFolder folder = earlier;
    if (folder == null || !folder.segments().contains(segment.firstSequence())) {
      return false;
    }
    Path former = folder.segmentFile(segment.firstSequence());
    try (DiskFile one = target.disk().openForReading(segment.file());
        DiskFile other = target.disk().openForReading(former)) {
      // Same header, same end: as far as it was not damaged since, it is the same.
      long size = one.size();
      if (size != other.size()
          || !same(one, other, 0, SegmentHeader.BYTES)
          || !same(one, other, size - SegmentFooter.BYTES, SegmentFooter.BYTES)) {
        return false;
      }
    }
    return target.disk().link(former, file);
  }

  private static boolean same(DiskFile one, DiskFile other, long position, int length)
      throws IOException {
    ByteBuffer ones = ByteBuffer.allocate(length);
    ByteBuffer others = ByteBuffer.allocate(length);
    return one.readFully(ones, position)
        && other.readFully(others, position)
        && ones.flip().equals(others.flip());
  }
}
