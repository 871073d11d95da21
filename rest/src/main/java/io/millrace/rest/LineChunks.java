package io.millrace.rest;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into chunks of whole lines. For one thread at a time.
 *
 * <p>A chunk is cut when it has enough lines or bytes; it holds a line and its end, or the last
 * line without one.
 */
final class LineChunks {
  /**
   * Some whole lines.
   *
   * @param firstLine the number of the first, from 1
   * @param tooLong whether these are the first bytes of a line that is longer than accepted
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Chunk(byte[] lines, long firstLine, boolean tooLong) {}

  private final int mostLines;
  private final int mostBytes;
  private final int longestLine;
  private final Consumer<Chunk> consumer;
  private byte[] bytes;
  private int length;
  private int wholeLength;
  private int lines;
  private long firstLine = 1;
  private boolean stopped;

  /**
   * Nothing yet.
   *
   * @param mostLines after which a chunk is cut
   * @param mostBytes after which a chunk is cut
   * @param longestLine the most bytes of a line
   * @param consumer gets each chunk
   */
  LineChunks(int mostLines, int mostBytes, int longestLine, Consumer<Chunk> consumer) {
    this.mostLines = mostLines;
    this.mostBytes = mostBytes;
    this.longestLine = longestLine;
    this.consumer = consumer;
    this.bytes = new byte[Math.min(mostBytes, 64 << 10)];
  }

  /** Adds bytes; cuts chunks that become full. */
  void add(byte[] more) {
    int start = 0;
    for (int i = 0; i < more.length && !stopped; i++) {
      if (more[i] == '\n') {
        append(more, start, i + 1);
        start = i + 1;
        wholeLength = length;
        lines++;
        if (lines == mostLines || length >= mostBytes) {
          cut();
        }
      }
    }
    if (!stopped) {
      append(more, start, more.length);
      if (length - wholeLength > longestLine) {
        stopAtLongLine();
      } else if (length > mostBytes && wholeLength > 0) {
        cut();
      }
    }
  }

  /** The stream is at its end: what is left is the last chunk. */
  void end() {
    if (length > 0 && !stopped) {
      wholeLength = length;
      cut();
    }
  }

  private void append(byte[] from, int start, int end) {
    int count = end - start;
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
    }
    System.arraycopy(from, start, bytes, length, count);
    length += count;
  }

  private void cut() {
    byte[] whole = Arrays.copyOf(bytes, wholeLength);
    System.arraycopy(bytes, wholeLength, bytes, 0, length - wholeLength);
    length -= wholeLength;
    wholeLength = 0;
    Chunk chunk = new Chunk(whole, firstLine, false);
    firstLine += lines;
    lines = 0;
    consumer.accept(chunk);
  }

  private void stopAtLongLine() {
    if (wholeLength > 0) {
      cut();
    }
    stopped = true;
    length = 0;
    consumer.accept(new Chunk(new byte[0], firstLine, true));
  }
}
