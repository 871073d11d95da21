package io.millrace.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A file read and written at explicit positions.
 *
 * <p>Threads that read through one channel wait for each other, so there are several for reading,
 * opened when they are needed.
 *
 * <p>The interruption of a thread that reads closes the channel under all others; readers then open
 * the file again, so that an interruption is kept for its thread and disturbs nobody.
 */
final class ChannelFile implements DiskFile {
  /** For a buffer on the heap the JDK keeps a direct one of the same size for each thread. */
  private static final int MOST_HEAP_BYTES_AT_ONCE = 256 << 10;

  /** A power of two. */
  private static final int READERS = 4;

  private final Path file;

  /** The channels to read through, null until they are needed. */
  private final AtomicReferenceArray<@Nullable FileChannel> readers;

  /** For everything else; no thread that may be interrupted uses it. */
  private final FileChannel channel;

  private volatile boolean closed;

  ChannelFile(Path file, OpenOption... options) throws IOException {
    this.file = file;
    this.readers = new AtomicReferenceArray<>(READERS);
    this.channel = FileChannel.open(file, options);
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int start = into.position();
    int limit = into.limit();
    if (!into.isDirect() && limit - start > MOST_HEAP_BYTES_AT_ONCE) {
      into.limit(start + MOST_HEAP_BYTES_AT_ONCE);
    }
    int slot = (int) Thread.currentThread().getId() & (READERS - 1);
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        FileChannel open = readers.get(slot);
        try {
          return (open != null ? open : open(slot, null)).read(into, position);
        } catch (ClosedChannelException e) {
          if (closed) {
            throw e;
          }
          interrupted |= Thread.interrupted();
          into.position(start);
          open(slot, open);
        }
      }
    } finally {
      into.limit(limit);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Opens a channel to read through instead of {@code lost}, unless another thread has. */
  private synchronized FileChannel open(int slot, @Nullable FileChannel lost) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    FileChannel present = readers.get(slot);
    if (present == null || present == lost) {
      present = FileChannel.open(file, StandardOpenOption.READ);
      readers.set(slot, present);
    }
    return present;
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
    try (channel) {
      for (int slot = 0; slot < READERS; slot++) {
        FileChannel reader = readers.get(slot);
        if (reader != null) {
          reader.close();
        }
      }
    }
  }
}
