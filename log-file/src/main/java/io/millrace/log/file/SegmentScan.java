package io.millrace.log.file;

import io.millrace.api.error.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads a segment from its start, to find where its frames are and where they end.
 *
 * <p>What follows the last whole batch is a torn tail, which may be cut, unless something shows
 * that it was durable once. A torn tail can hold intact frames behind a broken one, since a disk
 * may keep the pages of one write in any order. Each frame therefore says how many records before
 * it were not durable when it was written: a broken record that an intact later frame counts as
 * durable is damage. Where frames say nothing (the log forces rarely), a broken record before an
 * intact one is taken for torn only if a sector of it reads as zeros, as one that never reached the
 * disk does.
 *
 * <p>For one thread.
 */
final class SegmentScan {
  private static final int SECTOR_BYTES = 512;

  private final Path file;
  private final SegmentHeader header;
  private final FileWindow window;
  private final FileWindow ahead;
  private final FrameCodec codec = new FrameCodec();

  SegmentScan(Path file, DiskFile io, SegmentHeader header) throws IOException {
    this.file = file;
    this.header = header;
    this.window = new FileWindow(io);
    this.ahead = new FileWindow(io);
  }

  /**
   * The positions of all records in whole batches.
   *
   * @throws CorruptionException when there is damage before the tail
   */
  GrowingPositions wholeBatches() throws IOException {
    GrowingPositions positions = new GrowingPositions(SegmentHeader.BYTES);
    int whole = 0;
    int word;
    while ((word = intactWordAt(window, positions.end(), positions.records())) != 0) {
      positions.add(positions.end() + FrameCodec.frameBytes(FrameCodec.recordBytes(word)));
      if (FrameCodec.isLastOfBatch(word)) {
        whole = positions.records();
      }
    }
    refuseDamage(positions.end(), positions.records());
    positions.cutTo(whole);
    return positions;
  }

  /**
   * The positions of all records of a segment that was finished in order.
   *
   * @throws CorruptionException when the frames are not exactly those that the footer tells of
   */
  GrowingPositions finished(int records, long end) throws IOException {
    GrowingPositions positions = new GrowingPositions(SegmentHeader.BYTES);
    while (positions.records() < records) {
      int word = intactWordAt(window, positions.end(), positions.records());
      if (word == 0) {
        throw damaged(positions.end(), positions.records());
      }
      positions.add(positions.end() + FrameCodec.frameBytes(FrameCodec.recordBytes(word)));
    }
    if (positions.end() != end) {
      throw new CorruptionException(
          Place.in(file, positions.end()), "the frames do not end at byte " + end + " as they did");
    }
    return positions;
  }

  /** Whether nothing but zeros follows the header. */
  boolean isUnused() throws IOException {
    return isZero(SegmentHeader.BYTES, window.fileBytes());
  }

  /** The word of the intact frame at {@code position}, or 0. */
  private int intactWordAt(FileWindow in, long position, int index) throws IOException {
    int at = in.load(position, FrameCodec.HEADER_BYTES);
    if (at < 0) {
      return 0;
    }
    int word = in.bytes().getInt(at + FrameCodec.WORD_AT);
    if (!FrameCodec.isFrame(word) || in.bytes().getInt(at + FrameCodec.INDEX_AT) != index) {
      return 0;
    }
    int length = Math.toIntExact(FrameCodec.frameBytes(FrameCodec.recordBytes(word)));
    at = in.load(position, length);
    return at >= 0 && codec.isIntact(in.bytes(), at, length, index, header.mask()) ? word : 0;
  }

  /** Looks behind the record that is broken or missing for proof that it was durable. */
  private void refuseDamage(long broken, int brokenIndex) throws IOException {
    long at = broken;
    boolean first = true;
    while ((at = nextCandidate(at)) >= 0) {
      int from = ahead.load(at, FrameCodec.HEADER_BYTES);
      int index = ahead.bytes().getInt(from + FrameCodec.INDEX_AT);
      long undurable = Integer.toUnsignedLong(ahead.bytes().getInt(from + FrameCodec.UNDURABLE_AT));
      int word = index > brokenIndex ? intactWordAt(ahead, at, index) : 0;
      if (word == 0) {
        at++;
        continue;
      }
      if (index - undurable > brokenIndex || (first && !hasUnwrittenSector(broken, at))) {
        throw damaged(broken, brokenIndex);
      }
      first = false;
      at += FrameCodec.frameBytes(FrameCodec.recordBytes(word));
    }
  }

  /** Where, from {@code position} on, something looks like the start of a frame; -1 if nowhere. */
  private long nextCandidate(long position) throws IOException {
    long at = position;
    while (at + FrameCodec.HEADER_BYTES <= window.fileBytes()) {
      int length = (int) Math.min(FileWindow.BYTES, window.fileBytes() - at);
      int from = window.load(at, length);
      if (from < 0) {
        return -1;
      }
      ByteBuffer bytes = window.bytes();
      int starts = length - FrameCodec.HEADER_BYTES + 1;
      for (int i = 0; i < starts; i++) {
        int start = from + i;
        if (bytes.get(start + FrameCodec.WORD_AT) < 0
            && FrameCodec.isFrame(bytes.getInt(start + FrameCodec.WORD_AT))) {
          return at + i;
        }
      }
      at += starts;
    }
    return -1;
  }

  private boolean hasUnwrittenSector(long from, long to) throws IOException {
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (isZero(at, end)) {
        return true;
      }
      at = end;
    }
    return false;
  }

  private boolean isZero(long from, long to) throws IOException {
    for (long at = from; at < to; ) {
      int length = (int) Math.min(FileWindow.BYTES, to - at);
      int start = ahead.load(at, length);
      for (int i = 0; i < length; i++) {
        if (ahead.bytes().get(start + i) != 0) {
          return false;
        }
      }
      at += length;
    }
    return true;
  }

  private CorruptionException damaged(long position, int index) {
    return new CorruptionException(
        Place.in(file, position),
        "the record with sequence "
            + (header.firstSequence() + index)
            + " is damaged, though it was durable");
  }
}
