package io.millrace.tck.transport;

import io.millrace.api.replication.LinkListener;
import io.millrace.tck.Patience;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what comes over a link. */
final class Recorder implements LinkListener {
  private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();

  @Override
  public void received(byte[] frame) {
    frames.add(frame);
  }

  @Override
  public void closed(String reason) {
    closed.complete(reason);
  }

  /** The next frame. */
  byte[] await() {
    try {
      byte[] frame = frames.poll(Patience.millis(), TimeUnit.MILLISECONDS);
      if (frame == null) {
        throw new AssertionError("no frame has come");
      }
      return frame;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for a frame", e);
    }
  }

  int waiting() {
    return frames.size();
  }

  boolean isClosed() {
    return closed.isDone();
  }
}
