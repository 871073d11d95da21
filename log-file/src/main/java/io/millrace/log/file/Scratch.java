package io.millrace.log.file;

import java.nio.ByteBuffer;

/** What one thread needs to read single records without allocating. */
final class Scratch {
  private static final int BYTES = 16 << 10;

  private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
  private final FrameCodec codec = new FrameCodec();

  /** A buffer with exactly {@code length} bytes to fill. */
  ByteBuffer buffer(int length) {
    return length <= BYTES ? bytes.clear().limit(length) : ByteBuffer.allocate(length);
  }

  FrameCodec codec() {
    return codec;
  }
}
