package io.millrace.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file. Safe for use by many threads, as far as they touch different bytes. */
interface DiskFile extends Closeable {
  /**
   * Reads up to {@code into.remaining()} bytes at {@code position}.
   *
   * @return how many, at least 1 unless nothing was asked for; -1 at or beyond the end
   */
  int read(ByteBuffer into, long position) throws IOException;

  /** Writes all of {@code from} at {@code position}; after a failure any part may be written. */
  void write(ByteBuffer from, long position) throws IOException;

  /** Makes everything written so far durable, and the size. */
  void force() throws IOException;

  /** Cuts the file down to {@code size}. */
  void truncate(long size) throws IOException;

  long size() throws IOException;

  /** The bytes of the whole file, read-only, usable after this file is closed. */
  ByteBuffer map() throws IOException;

  /** Reads until {@code into} is full. */
  default boolean readFully(ByteBuffer into, long position) throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int count = read(into, at);
      if (count < 0) {
        return false;
      }
      at += count;
    }
    return true;
  }
}
