package io.millrace.engine.log;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.record.LogRecord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads records in any order, and the disk in the order of the log: the sequences that will be
 * asked for are announced window by window, and the records of a window are read before the first
 * of them is given, in long stretches where they lie close together.
 *
 * <p>The first window is small and each is larger than the one before, up to {@link #MOST} records
 * and to the bytes that {@link ReadAheadMemory} grants. What had no room, or could not be read, is
 * looked up when it is asked for; so a record that is damaged fails where it is asked for, and
 * nowhere else. After records were rewritten, nothing that was read before is given any more.
 *
 * <pre>{@code
 * ahead.begin(100);
 * while (more && ahead.announce(sequence, bytes)) { ... }
 * ahead.read();
 * ahead.record(sequence);
 * }</pre>
 *
 * <p>Belongs to one thread; must be closed.
 */
public final class ReadAhead implements AutoCloseable {
  /** The most records in a window. */
  static final int MOST = 1 << 16;

  private static final int FIRST = 4;
  private static final int GROWTH = 4;

  /** Reading over so many bytes is cheaper than finding another place on the disk. */
  private static final int NEAR_BYTES = 32 << 10;

  /** Reading over so many records is cheaper than another call, if they are short. */
  private static final long NEAR_RECORDS = 128;

  /** Fewer records than this are no stretch. */
  private static final int STREAK = 4;

  /** What a record costs beside its bytes: its sequence, its reference, its header and padding. */
  private static final int RECORD_BYTES = 40;

  /** What the caller remembers of one, about. */
  private static final int CALLER_BYTES = 160;

  private static final int PRESUMED_BYTES = 300;

  private final EngineLog log;
  private final ReadAheadMemory memory;
  private final NearbyRecords nearby;

  /** The sequences of the window; rising once it was read. */
  private long[] sequences = new long[FIRST];

  /** The records at these sequences; null for those that were not read. */
  private byte[] @Nullable [] records = new byte[0][];

  private int announced;
  private long most;
  private long granted;
  private long used;
  private boolean full;
  private long rewritings;
  private int size;

  /** The mean length of the records in the last window. */
  private long meanBytes = PRESUMED_BYTES;

  private int met;
  private long metBytes;

  ReadAhead(EngineLog log, ReadAheadMemory memory) {
    this.log = log;
    this.memory = memory;
    this.nearby = log.nearby();
  }

  /**
   * Begins a window, and forgets the one before.
   *
   * @param wanted no more announcements than this will come, if the caller knows
   */
  public void begin(long wanted) {
    forget();
    size = size == 0 ? FIRST : Math.min(MOST, size * GROWTH);
    most = Math.min(size, wanted);
    // Half as much again as is likely, since lengths differ.
    granted = memory.take(most * (CALLER_BYTES + RECORD_BYTES + meanBytes) * 3 / 2);
  }

  /**
   * Announces that {@code sequence} will be asked for.
   *
   * @param sequence 0 when there is something to remember but nothing to read
   * @param bytes what the caller remembers until then
   * @return whether the window has room for more
   */
  public boolean announce(long sequence, int bytes) {
    most--;
    used += bytes;
    if (sequence != 0) {
      if (announced == sequences.length) {
        sequences = Arrays.copyOf(sequences, Math.min(MOST, announced * GROWTH));
      }
      sequences[announced++] = sequence;
    }
    return most > 0 && used + announced * (RECORD_BYTES + meanBytes) < granted;
  }

  /** Reads the records that were announced, as far as there is room. */
  public void read() {
    rewritings = log.rewritings();
    records = new byte[announced][];
    met = 0;
    metBytes = 0;
    Arrays.sort(sequences, 0, announced);
    int next = 0;
    try {
      while (next < announced && !full) {
        next = readStretch(next, endOfStretch(next));
      }
    } catch (UnavailableException e) {
      // Whoever asks for a record waits for the log, or fails with the same words.
    }
    if (met > 0) {
      meanBytes = metBytes / met;
    }
    long spare = Math.max(0, granted - used);
    memory.giveBack(spare);
    granted -= spare;
  }

  /** Behind the last of the records, from {@code first} on, that lie close to one another. */
  private int endOfStretch(int first) {
    long bytes = Math.max(1, met == 0 ? meanBytes : metBytes / met);
    long near = Math.min(NEAR_RECORDS, Math.max(1, NEAR_BYTES / bytes));
    int end = first + 1;
    while (end < announced && sequences[end] - sequences[end - 1] <= near) {
      end++;
    }
    return end;
  }

  /** Reads the records from {@code first} on; answers where to go on. */
  private int readStretch(int first, int end) {
    if (end - first < STREAK) {
      lookUp(first);
      return first + 1;
    }
    int next = first;
    try (LogCursor stretch =
        log.read(SequenceRange.between(sequences[first], sequences[end - 1]))) {
      while (next < end && !full && stretch.advance()) {
        if (stretch.sequence() == sequences[next]) {
          keep(next, RecordReader.bytesOf(stretch));
          next++;
        }
      }
      return end;
    } catch (UnavailableException e) {
      throw e;
    } catch (MillraceException e) {
      // What is damaged may be no record of this window.
      lookUp(next);
      return next + 1;
    }
  }

  private void lookUp(int index) {
    try {
      keep(index, log.bytes(sequences[index]));
    } catch (UnavailableException e) {
      throw e;
    } catch (MillraceException e) {
      // It fails again for whoever asks for it.
    }
  }

  private void keep(int index, byte[] record) {
    met++;
    metBytes += record.length;
    int bytes = RECORD_BYTES + record.length;
    full = used + bytes > granted;
    if (!full) {
      used += bytes;
      records[index] = record;
    }
  }

  /** The record at {@code sequence}, which must be durable. */
  public LogRecord record(long sequence) {
    if (log.rewritings() != rewritings) {
      announced = 0;
      records = new byte[0][];
    }
    int index = Arrays.binarySearch(sequences, 0, announced, sequence);
    byte @Nullable [] read = index < 0 ? null : records[index];
    return read == null ? nearby.record(sequence) : LogRecord.decode(sequence, read);
  }

  /** Throws when the log was closed for good. */
  public void requireOpen() {
    log.requireOpen();
  }

  private void forget() {
    memory.giveBack(granted);
    granted = 0;
    used = 0;
    full = false;
    announced = 0;
    records = new byte[0][];
  }

  @Override
  public void close() {
    forget();
    nearby.close();
  }
}
