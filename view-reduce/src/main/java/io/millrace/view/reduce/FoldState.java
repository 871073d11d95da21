package io.millrace.view.reduce;

import io.millrace.api.error.CorruptionException;
import io.millrace.spi.FoldProvider;
import java.nio.charset.StandardCharsets;

/**
 * A state of a fold.
 *
 * @param sequence of the last change that was folded; 0 for none
 * @param json compact
 */
record FoldState(long sequence, String json) {
  /** The most characters of JSON that a state has. */
  static final int MAX_CHARS = FoldProvider.MAX_STATE_CHARS;

  /** The longest string within a function: the state with the messages of a chunk fits. */
  static final int MAX_STRING_CHARS = 4 * MAX_CHARS;

  private static final String WHAT = "state of a fold";

  static FoldState read(byte[] stored) {
    ByteReader reader = new ByteReader(stored, WHAT);
    long sequence = reader.varint();
    if (sequence < 0) {
      throw new CorruptionException(WHAT, "its sequence is negative");
    }
    return new FoldState(sequence, reader.rest());
  }

  byte[] write() {
    ByteWriter writer = new ByteWriter(json.length() + 16);
    writer.varint(sequence);
    writer.put(json.getBytes(StandardCharsets.UTF_8));
    return writer.toArray();
  }
}
