package io.millrace.engine.log;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import org.jspecify.annotations.Nullable;

/**
 * Reads records whose sequences mostly rise by little: soon with one cursor, which reads the log
 * block by block, instead of with a look-up for each. Any order is answered rightly.
 *
 * <p>Belongs to one thread; must be closed.
 */
public final class NearbyRecords implements AutoCloseable {
  /** Up to this distance, passing over records is cheaper than looking one up. */
  private static final long NEAR = 24;

  /** So many records near one another tell that more will follow. */
  private static final int STREAK = 4;

  private final EngineLog log;
  private @Nullable LogCursor cursor;
  private long last;
  private int streak;

  NearbyRecords(EngineLog log) {
    this.log = log;
  }

  /** The record at {@code sequence}, which must be durable. */
  public LogRecord record(long sequence) {
    boolean near = sequence > last && sequence - last <= NEAR;
    streak = near ? streak + 1 : 0;
    last = sequence;
    if (!near) {
      close();
    } else if (cursor == null && streak >= STREAK) {
      cursor = log.read(SequenceRange.all().gte(sequence));
    }
    LogRecord found = cursor == null ? null : passTo(cursor, sequence);
    return found == null ? log.record(sequence) : found;
  }

  /** As {@link RecordReader#change}. */
  public StoredChange change(long sequence) {
    return RecordReader.changeOf(sequence, record(sequence));
  }

  /**
   * The record at {@code sequence}; null when the cursor cannot give it, because it was made before
   * that was durable or because the log was opened again meanwhile.
   */
  private @Nullable LogRecord passTo(LogCursor records, long sequence) {
    try {
      while (records.advance()) {
        if (records.sequence() == sequence) {
          return LogRecord.decode(sequence, RecordReader.bytesOf(records));
        }
      }
    } catch (UnavailableException | CorruptionException e) {
      // The single look-up that follows waits for the log, or fails with the same words, unless the
      // damage was in a record that was only passed over.
      streak = 0;
    }
    close();
    return null;
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
