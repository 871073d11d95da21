package io.millrace.log.store;

import io.millrace.api.error.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Up to which sequence the log was forced, in a file beside the store: a store that is damaged at
 * the end of what it holds, or is gone, need not notice, and would be taken for a shorter log.
 *
 * <p>The sequence, eight bytes big-endian, and the CRC-32C of these. Written after each force and
 * never forced itself, so it tells the truth or less. For one thread at a time.
 */
final class ForcedNote implements AutoCloseable {
  static final String NAME = "forced";

  private static final int BYTES = Long.BYTES + Integer.BYTES;

  private final @Nullable Path file;
  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);
  private @Nullable FileChannel channel;

  ForcedNote(Path folder) {
    this.file = folder.resolve(NAME);
  }

  private ForcedNote() {
    this.file = null;
  }

  /** Says nothing and keeps nothing. */
  static ForcedNote none() {
    return new ForcedNote();
  }

  /**
   * Compares with what is in the store.
   *
   * @param last the last sequence that is there
   * @throws CorruptionException when records that were forced are not there
   */
  void require(long last) {
    long noted = noted();
    if (noted > last) {
      throw new CorruptionException(
          String.valueOf(file),
          "the records "
              + (last + 1)
              + " to "
              + noted
              + " were forced to disk, and the store has lost them; restore a backup, or remove this"
              + " file to go on without them");
    }
  }

  private long noted() {
    byte[] bytes;
    try {
      bytes = file != null && Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      return 0;
    }
    // One that says nothing is as good as none: it is here to help, and not needed.
    if (bytes.length != BYTES) {
      return 0;
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    return fields.getInt(Long.BYTES) == checksum(bytes) ? fields.getLong(0) : 0;
  }

  /** Notes that everything up to {@code sequence} is durable. */
  void note(long sequence) {
    if (file == null) {
      return;
    }
    try {
      FileChannel open = channel;
      if (open == null) {
        open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel = open;
      }
      buffer.putLong(0, sequence);
      buffer.putInt(Long.BYTES, checksum(buffer.array()));
      buffer.clear();
      open.write(buffer, 0);
    } catch (IOException e) {
      // The log holds the records all the same; the note goes on saying less.
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, Long.BYTES);
    return (int) checksum.getValue();
  }

  @Override
  public void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing hangs on it.
      }
    }
  }
}
