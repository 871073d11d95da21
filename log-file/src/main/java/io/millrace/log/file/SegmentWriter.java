package io.millrace.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Puts frames at the end of the last segment. For the appending thread, except {@link #force()}.
 *
 * <p>Frames gather in a buffer until {@link #flush()}. Nothing is written before {@link #reserve}
 * has made room for it.
 */
final class SegmentWriter implements Closeable {
  private static final int ZEROS_BYTES = 256 << 10;

  private final DiskFile file;
  private final SegmentHeader header;
  private final GrowingPositions positions;
  private final LogOptions options;
  private final ByteBuffer buffer;
  private final FrameCodec codec = new FrameCodec();

  /** Where the contents of the buffer will be written. */
  private long flushed;

  /** How far the file is known to reach. */
  private long allocated;

  /**
   * Goes on behind the last of {@code positions}.
   *
   * @param buffer direct, for this writer alone until it is closed
   */
  SegmentWriter(
      LogFolder folder,
      SegmentHeader header,
      GrowingPositions positions,
      LogOptions options,
      ByteBuffer buffer)
      throws IOException {
    this(
        folder.disk().openForWriting(folder.segmentFile(header.firstSequence())),
        header,
        positions,
        options,
        buffer);
  }

  /** Goes on in {@code file}, which it closes. */
  SegmentWriter(
      DiskFile file,
      SegmentHeader header,
      GrowingPositions positions,
      LogOptions options,
      ByteBuffer buffer) {
    this.header = header;
    this.positions = positions;
    this.options = options;
    this.buffer = buffer.clear();
    this.flushed = positions.end();
    this.allocated = flushed;
    this.file = file;
  }

  /** Takes the footer away, durably, before records are put where it was. */
  void removeFooter() throws IOException {
    file.truncate(flushed);
    file.force();
  }

  long nextSequence() {
    return header.firstSequence() + positions.records();
  }

  boolean isEmpty() {
    return positions.records() == 0;
  }

  /** Whether {@code bytes} more stay within the size of a segment. */
  boolean fits(long bytes) {
    return positions.end() + bytes <= options.segmentBytes();
  }

  /**
   * Makes sure that the file reaches {@code bytes} further, if this log allocates ahead: a force
   * need then not change the size of the file, and a full disk shows before anything is written.
   */
  void reserve(long bytes) throws IOException {
    long needed = positions.end() + bytes;
    if (options.preallocateBytes() == 0 || needed <= allocated) {
      return;
    }
    long ahead = Math.min(allocated + options.preallocateBytes(), options.segmentBytes());
    long target = Math.max(needed, ahead);
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    for (long at = allocated; at < target; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(ZEROS_BYTES, target - at));
      file.write(zeros, at);
    }
    file.force();
    allocated = target;
  }

  /**
   * Puts a record into the buffer, or into the file when the buffer is full.
   *
   * @param durable the last sequence known to be durable
   */
  void add(byte[] record, boolean lastOfBatch, long durable) throws IOException {
    int index = positions.records();
    int undurable = (int) (nextSequence() - 1 - durable);
    int frameBytes = FrameCodec.HEADER_BYTES + record.length;
    if (frameBytes <= buffer.capacity()) {
      if (frameBytes > buffer.remaining()) {
        flush();
      }
      codec.put(buffer, record, lastOfBatch, index, undurable, header.mask());
    } else {
      if (FrameCodec.HEADER_BYTES > buffer.remaining()) {
        flush();
      }
      codec.putHeader(buffer, record, lastOfBatch, index, undurable, header.mask());
      for (int at = 0; at < record.length; ) {
        int length = Math.min(record.length - at, buffer.remaining());
        buffer.put(record, at, length);
        at += length;
        if (!buffer.hasRemaining()) {
          flush();
        }
      }
    }
    positions.add(positions.end() + frameBytes);
  }

  /** Whether {@code bytes} more go into the buffer without writing. */
  boolean isBuffered(long bytes) {
    return bytes <= buffer.remaining();
  }

  /** Writes what is in the buffer. */
  void flush() throws IOException {
    buffer.flip();
    int bytes = buffer.remaining();
    if (bytes > 0) {
      file.write(buffer, flushed);
      flushed += bytes;
    }
    buffer.clear();
  }

  /** Makes what was written durable. Any thread may call this. */
  void force() throws IOException {
    file.force();
  }

  /** Takes back, durably, all but the first {@code records}. */
  void cutBackTo(int records) throws IOException {
    positions.cutTo(records);
    flushed = positions.end();
    allocated = flushed;
    buffer.clear();
    file.truncate(flushed);
    file.force();
  }

  int records() {
    return positions.records();
  }

  GrowingPositions positions() {
    return positions;
  }

  /** Ends the segment, durably: with this footer and nothing behind it. */
  SegmentFooter finish(SegmentFooter.Kind kind) throws IOException {
    return finish(new SegmentFooter(kind, flushed, nextSequence()));
  }

  /** Ends the segment, durably, with {@code footer}; everything must be flushed. */
  SegmentFooter finish(SegmentFooter footer) throws IOException {
    file.truncate(flushed);
    file.write(footer.encode(header.mask()), flushed);
    file.force();
    return footer;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
