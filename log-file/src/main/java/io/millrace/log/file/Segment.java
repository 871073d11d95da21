package io.millrace.log.file;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One segment, for reading.
 *
 * <p>Either it grows, written by the appending thread through a {@link SegmentWriter}, or it is
 * finished and never changes. Safe for use by many threads, which read nothing beyond the log's
 * {@code since}.
 */
final class Segment implements Closeable {
  private final LogFolder folder;
  private final Path file;
  private final SegmentHeader header;
  private final DiskFile io;

  /** Null until somebody needs it. */
  private volatile @Nullable Positions positions;

  /** Null while the segment grows. */
  private volatile @Nullable SegmentFooter footer;

  /** Whether a doubtful table was made again already; guarded by this. */
  private boolean rebuilt;

  private Segment(
      LogFolder folder,
      SegmentHeader header,
      @Nullable Positions positions,
      @Nullable SegmentFooter footer)
      throws IOException {
    this.folder = folder;
    this.file = folder.segmentFile(header.firstSequence());
    this.header = header;
    this.positions = positions;
    this.footer = footer;
    this.io = folder.disk().openForReading(file);
  }

  static Segment growing(LogFolder folder, SegmentHeader header, GrowingPositions positions)
      throws IOException {
    return new Segment(folder, header, positions, null);
  }

  static Segment finished(LogFolder folder, SegmentHeader header, SegmentFooter footer)
      throws IOException {
    return new Segment(folder, header, null, footer);
  }

  /** The segment that takes this one's place, its file having been replaced. */
  Segment again() throws IOException {
    SegmentFooter found;
    try (DiskFile replaced = folder.disk().openForReading(file)) {
      long at = replaced.size() - SegmentFooter.BYTES;
      ByteBuffer tail = ByteBuffer.allocate(SegmentFooter.BYTES);
      replaced.readFully(tail, at);
      found = SegmentFooter.decode(tail, at, header.mask());
    }
    if (found == null) {
      throw new CorruptionException(file + " at its end", "the footer is missing");
    }
    return finished(folder, header, found);
  }

  Path file() {
    return file;
  }

  SegmentHeader header() {
    return header;
  }

  long firstSequence() {
    return header.firstSequence();
  }

  /** The last sequence that can be in here; no bound while the segment grows. */
  long lastSequence() {
    SegmentFooter known = footer;
    return known == null ? Long.MAX_VALUE : known.nextSequence() - 1;
  }

  boolean isFinished() {
    return footer != null;
  }

  /** How the file ends; null while the segment grows. */
  @Nullable SegmentFooter footer() {
    return footer;
  }

  /** Where every record is. */
  Positions positions() throws IOException {
    Positions known = positions;
    return known != null ? known : loadPositions();
  }

  private synchronized Positions loadPositions() throws IOException {
    Positions known = positions;
    if (known == null) {
      known = stored();
      if (known == null) {
        known = rebuild();
      }
      positions = known;
    }
    return known;
  }

  /**
   * A better table than {@code doubtful}, which led to something that is no intact frame.
   *
   * @return null when there is none, because the segment itself is damaged
   */
  synchronized @Nullable Positions doubt(Positions doubtful) throws IOException {
    if (positions != doubtful) {
      return positions;
    }
    if (rebuilt || footer == null) {
      return null;
    }
    rebuilt = true;
    try {
      Positions better = rebuild();
      positions = better;
      return better;
    } catch (CorruptionException e) {
      return null; // reported by the reader, who knows the record
    }
  }

  private @Nullable StoredPositions stored() {
    SegmentFooter end = footer;
    return end == null
        ? null
        : StoredPositions.open(
            folder.disk(),
            folder.positionsFile(firstSequence()),
            header.mask(),
            records(end),
            end.end());
  }

  private GrowingPositions rebuild() throws IOException {
    SegmentFooter end = footer;
    if (end == null) {
      throw new IllegalStateException("the table of a growing segment is in memory");
    }
    rebuilt = true;
    GrowingPositions scanned = new SegmentScan(file, io, header).finished(records(end), end.end());
    store(scanned);
    return scanned;
  }

  private int records(SegmentFooter end) {
    return Math.toIntExact(end.nextSequence() - firstSequence());
  }

  private void store(GrowingPositions table) {
    try {
      StoredPositions.store(
          folder.disk(), folder.positionsFile(firstSequence()), header.mask(), table);
    } catch (IOException e) {
      // Nothing is lost: the table is made again from the segment when it is needed.
    }
  }

  /** Lets a segment that ended with the closing of the log grow again. */
  GrowingPositions grow() throws IOException {
    Positions known = positions();
    SegmentFooter end = footer;
    if (end == null) {
      return (GrowingPositions) known;
    }
    GrowingPositions table = new GrowingPositions(SegmentHeader.BYTES);
    for (int i = 1; i <= records(end); i++) {
      table.add(known.position(i));
    }
    if (table.end() != end.end()) {
      throw new CorruptionException(Place.in(file, end.end()), "the frames do not end here");
    }
    positions = table;
    footer = null;
    return table;
  }

  /** Notes that {@code end} was written, and keeps the table beside the segment, not in memory. */
  void finish(SegmentFooter end, GrowingPositions table) {
    store(table);
    footer = end;
    StoredPositions kept = stored();
    if (kept != null) {
      positions = kept;
    }
  }

  /** The record at {@code sequence}, which must be in here. */
  byte[] read(long sequence, Scratch scratch) {
    int index = (int) (sequence - firstSequence());
    try {
      Positions known = positions();
      byte[] record = readIfIntact(known, index, scratch);
      if (record == null) {
        Positions better = doubt(known);
        record = better == null ? null : readIfIntact(better, index, scratch);
      }
      if (record == null) {
        throw damaged(sequence, known.position(index));
      }
      return record;
    } catch (IOException e) {
      throw unreadable(sequence, e);
    }
  }

  private byte @Nullable [] readIfIntact(Positions known, int index, Scratch scratch)
      throws IOException {
    long start = known.position(index);
    long length = known.position(index + 1) - start;
    if (!isPossible(start, length)) {
      return null;
    }
    ByteBuffer frame = scratch.buffer((int) length);
    if (!io.readFully(frame, start)
        || !scratch.codec().isIntact(frame, 0, (int) length, index, header.mask())) {
      return null;
    }
    byte[] record = new byte[(int) length - FrameCodec.HEADER_BYTES];
    frame.position(FrameCodec.HEADER_BYTES);
    frame.get(record);
    return record;
  }

  /** Whether a frame can lie there. */
  static boolean isPossible(long start, long length) {
    return start >= SegmentHeader.BYTES
        && length >= FrameCodec.HEADER_BYTES
        && length <= FrameCodec.LONGEST;
  }

  /**
   * Fills {@code into} from {@code position} on.
   *
   * @return false when the file ends before
   */
  boolean read(ByteBuffer into, long position) throws IOException {
    return io.readFully(into, position);
  }

  CorruptionException damaged(long sequence, long position) {
    return new CorruptionException(
        Place.in(file, position), "the record with sequence " + sequence + " is damaged");
  }

  MillraceException unreadable(long sequence, IOException cause) {
    if (cause instanceof ClosedChannelException) {
      return SegmentedLog.closed();
    }
    return new UnavailableException(
        "log-read-failed",
        "the record with sequence "
            + sequence
            + " could not be read from "
            + file
            + ": "
            + cause.getMessage(),
        cause);
  }

  @Override
  public void close() throws IOException {
    io.close();
  }
}
