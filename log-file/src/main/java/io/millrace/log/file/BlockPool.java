package io.millrace.log.file;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Buffers that cursors read into, kept for the next cursor. Safe for use by many threads. */
final class BlockPool {
  static final int BLOCK_BYTES = 256 << 10;
  private static final int MOST_KEPT = 16;

  private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(MOST_KEPT);

  ByteBuffer take() {
    ByteBuffer block = free.poll();
    return block == null ? ByteBuffer.allocateDirect(BLOCK_BYTES) : block;
  }

  /** Takes {@code block} back; nobody may use it any more. */
  void giveBack(ByteBuffer block) {
    free.offer(block);
  }

  /** Lets go of all that is kept. */
  void clear() {
    free.clear();
  }
}
