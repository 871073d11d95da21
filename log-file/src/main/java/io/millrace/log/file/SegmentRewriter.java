package io.millrace.log.file;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.LogRewriting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a finished segment anew, with other bytes in the place of some records, under a name that
 * is not its own yet. For one thread.
 */
final class SegmentRewriter {
  /** Progress is told after so many bytes. */
  private static final int STEP_BYTES = 64 << 10;

  private static final int BUFFER_BYTES = 256 << 10;

  /** Positions are unsigned 32-bit numbers. */
  private static final long MOST_BYTES = (1L << 32) - 1 - SegmentFooter.BYTES;

  private final LogFolder folder;
  private final LogOptions options;
  private final LogRewriting rewriting;
  private final Runnable check;
  private final FrameCodec codec = new FrameCodec();
  private long untold;

  /**
   * @param check throws when the work is to end; called often
   */
  SegmentRewriter(LogFolder folder, LogOptions options, LogRewriting rewriting, Runnable check) {
    this.folder = folder;
    this.options = options;
    this.rewriting = rewriting;
    this.check = check;
  }

  /**
   * A segment as it will be: a whole, durable file.
   *
   * @param reclaimed by how much it is shorter
   */
  record Rewritten(Path file, SegmentFooter footer, GrowingPositions positions, long reclaimed) {}

  /**
   * Writes {@code segment} anew.
   *
   * @param last no record behind it is changed
   * @return null when nothing of it changes
   */
  @Nullable Rewritten rewrite(Segment segment, long last) throws IOException {
    SegmentFooter footer = segment.footer();
    if (footer == null) {
      throw new IllegalStateException("a growing segment cannot be written anew");
    }
    try (DiskFile source = folder.disk().openForReading(segment.file())) {
      FileWindow window = new FileWindow(source);
      boolean changes = pass(segment, footer, last, window, null);
      tell();
      return changes ? write(segment, footer, last, window) : null;
    }
  }

  private Rewritten write(Segment segment, SegmentFooter footer, long last, FileWindow window)
      throws IOException {
    Path file = LogFolder.unfinished(segment.file());
    boolean done = false;
    try {
      GrowingPositions positions = new GrowingPositions(SegmentHeader.BYTES);
      SegmentFooter end;
      DiskFile created = folder.disk().create(file);
      try (SegmentWriter writer =
          new SegmentWriter(
              created,
              segment.header(),
              positions,
              options,
              ByteBuffer.allocateDirect(BUFFER_BYTES))) {
        created.write(segment.header().encode(), 0);
        pass(segment, footer, last, window, writer);
        writer.flush();
        end = writer.finish(footer.rewritten(positions.end()));
      }
      tell();
      done = true;
      return new Rewritten(file, end, positions, footer.end() - end.end());
    } finally {
      if (!done) {
        discard(file);
      }
    }
  }

  /** Deletes what will not be used; what stays is deleted when the log is opened. */
  void discard(Path unfinished) {
    try {
      folder.disk().delete(unfinished);
    } catch (IOException e) {
      // Tried again at the next opening.
    }
  }

  /**
   * Goes through all records.
   *
   * @param writer takes all records as they will be; null to find out whether one changes, and no
   *     more
   * @return whether one changes
   */
  private boolean pass(
      Segment segment,
      SegmentFooter footer,
      long last,
      FileWindow window,
      @Nullable SegmentWriter writer)
      throws IOException {
    long position = SegmentHeader.BYTES;
    boolean changes = false;
    for (long sequence = segment.firstSequence(); sequence < footer.nextSequence(); sequence++) {
      check.run();
      int index = (int) (sequence - segment.firstSequence());
      int at = window.load(position, FrameCodec.HEADER_BYTES);
      int word = at < 0 ? 0 : window.bytes().getInt(at + FrameCodec.WORD_AT);
      int length = (int) FrameCodec.frameBytes(FrameCodec.recordBytes(word));
      at = at < 0 || !FrameCodec.isFrame(word) ? -1 : window.load(position, length);
      if (at < 0 || !codec.isIntact(window.bytes(), at, length, index, segment.header().mask())) {
        throw segment.damaged(sequence, position);
      }
      byte[] record = new byte[length - FrameCodec.HEADER_BYTES];
      window.bytes().clear().position(at + FrameCodec.HEADER_BYTES).get(record);
      byte[] kept = sequence > last ? record : rewriting.keep(sequence, record);
      changes |= kept != record;
      if (writer != null) {
        writer.add(kept, FrameCodec.isLastOfBatch(word), sequence - 1);
        if (writer.positions().end() > MOST_BYTES) {
          throw new IOException("the segment would become longer than positions can tell");
        }
      } else if (changes) {
        return true;
      }
      position += length;
      worked(length);
    }
    if (position != footer.end()) {
      throw new CorruptionException(
          Place.in(segment.file(), position), "the frames do not end where the footer says");
    }
    return changes;
  }

  private void worked(long bytes) {
    untold += bytes;
    if (untold >= STEP_BYTES) {
      tell();
    }
  }

  private void tell() {
    rewriting.worked(untold, 0);
    untold = 0;
  }
}
