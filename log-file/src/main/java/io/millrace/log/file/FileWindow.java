package io.millrace.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A piece of a file in memory that follows where somebody reads. For one thread. */
final class FileWindow {
  static final int BYTES = 1 << 20;

  private final DiskFile file;
  private final long fileBytes;
  private ByteBuffer bytes = ByteBuffer.allocate(BYTES);
  private long start;
  private int length;

  FileWindow(DiskFile file) throws IOException {
    this.file = file;
    this.fileBytes = file.size();
  }

  /** The size of the file when the window was made. */
  long fileBytes() {
    return fileBytes;
  }

  /** What {@link #load} loaded; another buffer after the next load. */
  ByteBuffer bytes() {
    return bytes;
  }

  /**
   * Makes {@code wanted} bytes at {@code position} available.
   *
   * @return their index in {@link #bytes()}, whose limit is its capacity; -1 when the file ends
   *     before
   */
  int load(long position, int wanted) throws IOException {
    if (position + wanted > fileBytes) {
      return -1;
    }
    bytes.clear();
    if (position < start || position + wanted > start + length) {
      if (wanted > bytes.capacity()) {
        bytes = ByteBuffer.allocate(wanted);
      }
      start = position;
      length = 0;
      bytes.limit((int) Math.min(bytes.capacity(), fileBytes - position));
      if (!file.readFully(bytes, position)) {
        return -1;
      }
      length = bytes.limit();
      bytes.clear();
    }
    return (int) (position - start);
  }
}
