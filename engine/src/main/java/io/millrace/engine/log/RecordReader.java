package io.millrace.engine.log;

import io.millrace.api.document.Commit;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.log.LogCursor;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.nio.ByteBuffer;

/** Reads records of the log by their sequence. Safe for use by many threads. */
public interface RecordReader {
  /** The code of the error that there is no change any more, because its document was purged. */
  String PURGED = "purged";

  /** The record at {@code sequence}, which must be durable. */
  LogRecord record(long sequence);

  /** For reading many records whose sequences mostly rise by little. */
  NearbyRecords nearby();

  /** For reading many records in an order other than theirs. */
  ReadAhead ahead();

  /** A copy of the record that {@code records} is on. */
  static byte[] bytesOf(LogCursor records) {
    ByteBuffer record = records.current();
    byte[] bytes = new byte[record.remaining()];
    record.get(bytes);
    return bytes;
  }

  /**
   * The change at {@code sequence}.
   *
   * @throws io.millrace.api.error.NotFoundException when it was erased because its document was
   *     purged (code {@code purged})
   * @throws CorruptionException when the record there holds none
   */
  default StoredChange change(long sequence) {
    return changeOf(sequence, record(sequence));
  }

  /** The change in {@code record}, the one at {@code sequence}; throws as {@link #change}. */
  static StoredChange changeOf(long sequence, LogRecord record) {
    StoredChange change = record.change();
    if (change == null && record.erased() != null) {
      throw new NotFoundException(
          PURGED, "the document of the change at sequence " + sequence + " was purged");
    }
    if (change == null) {
      throw new CorruptionException("log record " + sequence, "a change was expected");
    }
    return change;
  }

  /** The commit that {@code record}, the one at {@code sequence}, belongs to. */
  default Commit commitOf(long sequence, LogRecord record) {
    long first = sequence - record.index();
    CommitHeader header = record.header() == null ? record(first).header() : record.header();
    if (header == null) {
      throw new CorruptionException(
          "log record " + first, "the first record of a commit was expected");
    }
    return header.commit(first);
  }
}
