package io.millrace.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer as they come, taken from the network no faster than they are read. Other
 * than the stream that the HTTP client has for this, reading ends at an interruption, which is what
 * Ctrl-C is in a shell. Written by one thread at a time, read by one.
 */
final class AnswerBytes extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {
  /**
   * What came: buffers, the end, or why there will be no more.
   *
   * @param failure null unless it broke off
   */
  private record Part(List<ByteBuffer> buffers, boolean last, @Nullable Throwable failure) {}

  private final LinkedBlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> here = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private @Nullable Part end;
  private volatile boolean closed;

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    parts.add(new Part(buffers, false, null));
  }

  @Override
  public void onError(Throwable failure) {
    parts.add(new Part(List.of(), true, failure));
  }

  @Override
  public void onComplete() {
    parts.add(new Part(List.of(), true, null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (!fill()) {
      return -1;
    }
    ByteBuffer buffer = here.getFirst();
    int count = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, count);
    return count;
  }

  /** Whether there is anything left; waits until that is known. */
  private boolean fill() throws IOException {
    while (here.isEmpty() || !here.getFirst().hasRemaining()) {
      if (here.isEmpty()) {
        Part part = end == null ? take() : end;
        if (part.failure() != null) {
          throw new IOException(part.failure());
        }
        if (part.last()) {
          return false;
        }
        here.addAll(part.buffers());
      } else {
        here.removeFirst();
      }
    }
    return true;
  }

  private Part take() throws IOException {
    try {
      Part part = parts.take();
      if (part.last()) {
        end = part;
      } else {
        more();
      }
      return part;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private synchronized void more() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
