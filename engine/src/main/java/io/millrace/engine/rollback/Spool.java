package io.millrace.engine.rollback;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Planned changes in a file, each with the row of its document before it: so that a commit can have
 * any number of them. The file is deleted when this is closed, and is worth nothing to anyone else.
 *
 * <p>First it is filled, then read, by one thread at a time.
 */
final class Spool implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int ENTRY_HEADER_BYTES = 8;
  private static final int FEWEST_ENTRIES = 1_024;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /** Where each entry begins. */
  private long[] places = new long[FEWEST_ENTRIES];

  private int entries;

  /** Where the next entry begins. */
  private long bytes;

  /** Where in the file the buffer begins while reading. */
  private long bufferAt;

  private Spool(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** A change and the row of its document before it, both encoded. */
  record Entry(byte[] record, byte[] row) {}

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

  /**
   * Adds a change, whose record says its place.
   *
   * @return the record
   */
  byte[] add(StoredChange change, DocumentRow before) {
    byte[] record = new LogRecord(null, entries, change).encode();
    byte[] row = before.encode();
    if (entries == places.length) {
      places = Arrays.copyOf(places, Math.multiplyExact(entries, 2));
    }
    places[entries++] = bytes;
    write(ByteBuffer.allocate(ENTRY_HEADER_BYTES).putInt(record.length).putInt(row.length).flip());
    write(ByteBuffer.wrap(record));
    write(ByteBuffer.wrap(row));
    bytes += ENTRY_HEADER_BYTES + record.length + row.length;
    return record;
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
  Entry get(int index) {
    long at = places[index];
    ByteBuffer head = read(at, ENTRY_HEADER_BYTES);
    int recordBytes = head.getInt();
    int rowBytes = head.getInt();
    ByteBuffer content = read(at + ENTRY_HEADER_BYTES, recordBytes + rowBytes);
    byte[] record = new byte[recordBytes];
    byte[] row = new byte[rowBytes];
    content.get(record).get(row);
    return new Entry(record, row);
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
