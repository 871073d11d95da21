package io.millrace.engine.record;

/**
 * Where the parts of an encoded record lie.
 *
 * @param headerAt where the header of its commit begins
 * @param headerBytes how long that is; 0 when there is none
 * @param changeAt where what follows begins: the change, or what is left of it
 */
record RecordLayout(int flags, int headerAt, int headerBytes, int changeAt) {
  /**
   * The layout of {@code record}, the one at {@code sequence}.
   *
   * @throws io.millrace.api.error.CorruptionException when the bytes are no record
   */
  static RecordLayout of(long sequence, byte[] record) {
    BinaryReader in = new BinaryReader("log record " + sequence, record);
    int flags = LogRecord.decodeFlags(sequence, in);
    int headerAt = in.position();
    if ((flags & LogRecord.FIRST) == 0) {
      in.varint();
      return new RecordLayout(flags, headerAt, 0, in.position());
    }
    LogRecord.decodeHeader(in);
    return new RecordLayout(flags, headerAt, in.position() - headerAt, in.position());
  }

  boolean hasChange() {
    return (flags & LogRecord.CHANGE) != 0;
  }

  boolean isForgotten() {
    return (flags & LogRecord.FORGOTTEN) != 0;
  }

  boolean isDeleted() {
    return (flags & LogRecord.DELETED) != 0;
  }

  boolean isErased() {
    return (flags & LogRecord.ERASED) != 0;
  }
}
