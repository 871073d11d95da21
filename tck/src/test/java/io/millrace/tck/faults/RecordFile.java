package io.millrace.tck.faults;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The least that lasts: batches, each a record with its length and checksum, in one file; and in
 * another file, how much of it was forced. With a {@link Flaw} it does not last. For one thread.
 */
final class RecordFile implements AutoCloseable {
  private static final int HEADER_BYTES = 2 * Integer.BYTES;
  private static final int NOTE_BYTES = Long.BYTES + Integer.BYTES;

  private final Path file;
  private final Flaw flaw;
  private final FolderLock lock;
  private final List<List<byte[]>> batches = new ArrayList<>();

  /** What a flaw writes later than it should. */
  private final Deque<List<byte[]>> late = new ArrayDeque<>();

  private @Nullable FileChannel channel;
  private @Nullable FileChannel note;
  private long end;
  private long forced;
  private boolean appended;
  private @Nullable IOException failure;

  private RecordFile(Path folder, Flaw flaw, FolderLock lock) {
    this.file = folder.resolve("records");
    this.flaw = flaw;
    this.lock = lock;
  }

  static RecordFile open(Path folder, Flaw flaw) {
    boolean mayFail = flaw == Flaw.TAKES_WHAT_CANNOT_BE_OPENED_FOR_EMPTY;
    RecordFile made = null;
    try {
      Files.createDirectories(folder);
      made = new RecordFile(folder, flaw, FolderLock.take(folder, flaw));
      made.load();
      return made;
    } catch (IOException e) {
      if (made != null) {
        made.release();
      }
      if (mayFail) {
        return new RecordFile(folder, flaw, FolderLock.none());
      }
      throw new UnavailableException("records-failed", folder + " cannot be opened: " + e, e);
    } catch (MillraceException e) {
      if (made != null) {
        made.release();
      }
      throw e;
    }
  }

  private void load() throws IOException {
    forced = forcedBytes();
    byte[] bytes = contentOf(file);
    ByteBuffer content = ByteBuffer.wrap(bytes);
    byte[] payload = next(content);
    while (payload != null) {
      batches.add(elements(ByteBuffer.wrap(payload)));
      end = content.position();
      payload = next(content);
    }
    if (end < forced && flaw == Flaw.REPORTS_DAMAGE_AS_SOMETHING_ELSE) {
      throw new UnavailableException("records-failed", "something is wrong");
    }
    if (end < forced && flaw != Flaw.TAKES_DAMAGE_FOR_THE_END) {
      throw new CorruptionException(file + ", byte " + end, "what was forced is damaged");
    }
    FileChannel open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel = open;
    note = FileChannel.open(noteFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (end < bytes.length) {
      open.truncate(end);
    }
  }

  /** The next record's payload, of which one flaw sees too much; null at the first that is bad. */
  private byte @Nullable [] next(ByteBuffer content) {
    while (content.remaining() >= HEADER_BYTES) {
      int length = content.getInt();
      int checksum = content.getInt();
      if (length < 0 || length > content.remaining()) {
        return null;
      }
      byte[] payload = new byte[length];
      content.get(payload);
      if (checksum == checksum(payload) || flaw == Flaw.DOES_NOT_COMPARE_CHECKSUMS) {
        return payload;
      }
      if (flaw != Flaw.SKIPS_DAMAGED_RECORDS) {
        return null;
      }
    }
    return null;
  }

  private static List<byte[]> elements(ByteBuffer payload) {
    List<byte[]> elements = new ArrayList<>();
    while (payload.hasRemaining()) {
      int length = payload.getInt();
      if (length < 0 || length > payload.remaining()) {
        // Only without checksums does a damaged length get here.
        throw new IllegalStateException("an element of " + length + " bytes");
      }
      byte[] element = new byte[length];
      payload.get(element);
      elements.add(element);
    }
    return elements;
  }

  /** What was there when it was opened. */
  List<List<byte[]>> batches() {
    return batches;
  }

  /** Puts a batch behind the others; after a failure no more are taken. */
  void append(List<byte[]> batch) {
    appended = true;
    try {
      switch (flaw) {
        case FORGETS_TO_FORCE -> late.add(batch);
        case ANSWERS_BEFORE_IT_WRITES -> {
          writeLate();
          late.add(batch);
        }
        case WRITES_A_BATCH_IN_TWO_PARTS -> {
          writeLate();
          int half = batch.size() / 2;
          write(batch.subList(0, half));
          late.add(batch.subList(half, batch.size()));
        }
        default -> write(batch);
      }
    } catch (IOException e) {
      if (flaw != Flaw.SWALLOWS_A_FULL_DISK) {
        throw refusal(e);
      }
    }
  }

  private void writeLate() throws IOException {
    while (!late.isEmpty()) {
      write(late.remove());
    }
  }

  private void write(List<byte[]> batch) throws IOException {
    int length = batch.stream().mapToInt(element -> Integer.BYTES + element.length).sum();
    ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + length);
    record.position(HEADER_BYTES);
    batch.forEach(element -> record.putInt(element.length).put(element));
    byte[] payload = new byte[length];
    record.get(HEADER_BYTES, payload);
    record.putInt(0, length).putInt(Integer.BYTES, checksum(payload)).flip();
    write(record);
  }

  private void write(ByteBuffer record) throws IOException {
    FileChannel open = channel;
    if (open == null || failure != null) {
      throw failure == null ? new IOException("never opened") : failure;
    }
    long at = end;
    try {
      while (record.hasRemaining()) {
        at += open.write(record, at);
      }
      end = at;
    } catch (IOException e) {
      if (flaw == Flaw.GOES_ON_BEHIND_A_FAILED_WRITE) {
        end = at;
      } else {
        failure = e;
      }
      throw e;
    }
  }

  /** Returns when all batches are durable. */
  void force() {
    FileChannel open = channel;
    FileChannel openNote = note;
    if (flaw == Flaw.FORGETS_TO_FORCE || flaw == Flaw.SWALLOWS_A_FULL_DISK) {
      return;
    }
    try {
      if (open == null || openNote == null || failure != null) {
        throw failure == null ? new IOException("never opened") : failure;
      }
      open.force(false);
      ByteBuffer bytes = ByteBuffer.allocate(NOTE_BYTES).putLong(0, end);
      bytes.putInt(Long.BYTES, checksum(Long.toString(end).getBytes()));
      openNote.write(bytes, 0);
      forced = end;
    } catch (IOException e) {
      failure = e;
      throw refusal(e);
    }
  }

  private UnavailableException refusal(IOException cause) {
    return new UnavailableException("records-failed", file + " takes no more: " + cause, cause);
  }

  private Path noteFile() {
    return file.resolveSibling("forced");
  }

  private long forcedBytes() throws IOException {
    byte[] bytes = contentOf(noteFile());
    if (bytes.length != NOTE_BYTES) {
      return 0;
    }
    ByteBuffer content = ByteBuffer.wrap(bytes);
    long size = content.getLong();
    return content.getInt() == checksum(Long.toString(size).getBytes()) ? size : 0;
  }

  private static byte[] contentOf(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  @Override
  public void close() {
    try {
      FileChannel open = channel;
      if (open != null && failure == null) {
        writeLate();
        if (flaw == Flaw.LOSES_WHAT_WAS_NOT_FORCED_WHEN_CLOSED && !appended) {
          open.truncate(forced);
        } else {
          force();
        }
      }
    } catch (IOException e) {
      failure = e;
    } finally {
      release();
    }
  }

  private void release() {
    try {
      if (channel != null) {
        channel.close();
      }
      if (note != null && flaw != Flaw.KEEPS_A_FILE_OPEN) {
        note.close();
      }
      channel = null;
      note = null;
      lock.close();
    } catch (IOException e) {
      throw new UnavailableException("records-failed", file + " cannot be closed: " + e, e);
    }
  }
}
