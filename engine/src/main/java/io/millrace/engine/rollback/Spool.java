package io.millrace.engine.rollback;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A list of bytes in a file, so that a commit can have any number of changes. The file is deleted
 * when this is closed, and is worth nothing to anyone else.
 *
 * <p>First it is filled, then read, by one thread at a time.
 */
final class Spool implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int ENTRY_HEADER_BYTES = 4;

  /** The place of every so many-th entry is in memory. */
  private static final int STRIDE = 16;

  private static final int FEWEST_PLACES = 1_024;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /** Where every {@link #STRIDE}-th entry begins. */
  private long[] places = new long[FEWEST_PLACES];

  private int entries;

  /** Where the next entry begins. */
  private long bytes;

  /** Where in the file the buffer begins while reading. */
  private long bufferAt;

  /** The entry that follows the one that was read last, and where it begins. */
  private int following;

  private long followingAt;

  private Spool(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** An empty one in {@code file}, which is replaced. */
  static Spool create(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return new Spool(
          file,
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static UnavailableException failed(Path file, IOException cause) {
    return new UnavailableException(
        "spool-failed", "the file " + file + " cannot be used: " + cause.getMessage(), cause);
  }

  /** How many entries there are. */
  int size() {
    return entries;
  }

  /** Adds an entry. */
  void add(byte[] entry) {
    if (entries % STRIDE == 0) {
      int place = entries / STRIDE;
      if (place == places.length) {
        places = Arrays.copyOf(places, Math.multiplyExact(place, 2));
      }
      places[place] = bytes;
    }
    entries++;
    write(ByteBuffer.allocate(ENTRY_HEADER_BYTES).putInt(entry.length).flip());
    write(ByteBuffer.wrap(entry));
    bytes += ENTRY_HEADER_BYTES + entry.length;
  }

  private void write(ByteBuffer part) {
    while (part.hasRemaining()) {
      int length = Math.min(part.remaining(), buffer.remaining());
      buffer.put(part.slice().limit(length));
      part.position(part.position() + length);
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  private void flush() {
    try {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Ends the filling. */
  void seal() {
    flush();
    bufferAt = 0;
    buffer.limit(0);
  }

  /** The entry at {@code index}; fastest in rising order. */
  byte[] get(int index) {
    if (index != following) {
      following = index - index % STRIDE;
      followingAt = places[index / STRIDE];
      while (following < index) {
        pass(read(followingAt, ENTRY_HEADER_BYTES).getInt());
      }
    }
    int length = read(followingAt, ENTRY_HEADER_BYTES).getInt();
    byte[] entry = new byte[length];
    read(followingAt + ENTRY_HEADER_BYTES, length).get(entry);
    pass(length);
    return entry;
  }

  private void pass(int length) {
    following++;
    followingAt += ENTRY_HEADER_BYTES + length;
  }

  private ByteBuffer read(long at, int length) {
    if (length > BUFFER_BYTES) {
      ByteBuffer large = ByteBuffer.allocate(length);
      fill(large, at);
      return large.flip();
    }
    if (at < bufferAt || at + length > bufferAt + buffer.limit()) {
      buffer.clear();
      bufferAt = at;
      fill(buffer, at);
      buffer.flip();
    }
    if (at + length > bufferAt + buffer.limit()) {
      throw new CorruptionException(file.toString(), "it ends early");
    }
    return buffer.slice((int) (at - bufferAt), length);
  }

  private void fill(ByteBuffer target, long at) {
    try {
      long next = at;
      while (target.hasRemaining()) {
        int read = channel.read(target, next);
        if (read < 0) {
          return;
        }
        next += read;
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }
}
