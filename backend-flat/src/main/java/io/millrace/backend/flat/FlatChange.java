package io.millrace.backend.flat;

import org.jspecify.annotations.Nullable;

/**
 * One change of one row. The arrays are not to be changed.
 *
 * @param value null to remove the row
 */
@SuppressWarnings("ArrayRecordComponent")
public record FlatChange(byte[] key, byte @Nullable [] value) {
  static FlatChange removal(byte[] key) {
    return new FlatChange(key, null);
  }

  /** The bytes of key and value. */
  public long bytes() {
    return (long) key.length + (value == null ? 0 : value.length);
  }
}
