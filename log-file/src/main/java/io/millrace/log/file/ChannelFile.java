package io.millrace.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * A file read and written at explicit positions.
 *
 * <p>The interruption of a thread that reads closes the channel under all others; readers then open
 * the file again, so that an interruption is kept for its thread and disturbs nobody.
 */
final class ChannelFile implements DiskFile {
  /** For a buffer on the heap the JDK keeps a direct one of the same size for each thread. */
  private static final int MOST_HEAP_BYTES_AT_ONCE = 256 << 10;

  private final Path file;
  private final OpenOption[] options;
  private volatile FileChannel channel;
  private volatile boolean closed;

  ChannelFile(Path file, OpenOption... options) throws IOException {
    this.file = file;
    this.options = options;
    this.channel = FileChannel.open(file, options);
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int start = into.position();
    int limit = into.limit();
    if (!into.isDirect() && limit - start > MOST_HEAP_BYTES_AT_ONCE) {
      into.limit(start + MOST_HEAP_BYTES_AT_ONCE);
    }
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        FileChannel open = channel;
        try {
          return open.read(into, position);
        } catch (ClosedChannelException e) {
          if (closed) {
            throw e;
          }
          interrupted |= Thread.interrupted();
          into.position(start);
          reopen(open);
        }
      }
    } finally {
      into.limit(limit);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void reopen(FileChannel lost) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (channel == lost) {
      channel = FileChannel.open(file, options);
    }
  }

  @Override
  public void write(ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  @Override
  public void force() throws IOException {
    // Without the times of the file: its size, which matters, is forced either way.
    channel.force(false);
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public ByteBuffer map() throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
