package io.millrace.view.index;

import io.millrace.api.error.InvalidRequestException;

/**
 * One row, ready to be indexed. Immutable; the work of encoding is done when it is made, on the
 * thread that makes it.
 */
public final class IndexRow {
  private final byte[] collated;
  private final byte[] stored;

  private IndexRow(byte[] collated, byte[] stored) {
    this.collated = collated;
    this.stored = stored;
  }

  /**
   * A row under a key of its own.
   *
   * @param json holds key and value as compact, checked JSON; copied
   * @throws InvalidRequestException when the key exceeds the limits of {@link JsonCollation}
   */
  public static IndexRow keyed(
      byte[] json, int keyStart, int keyEnd, int valueStart, int valueEnd) {
    byte[] collated = JsonCollation.encode(json, keyStart, keyEnd);
    byte[] stored =
        RowLayout.storedKeyed(collated.length, json, keyStart, keyEnd, valueStart, valueEnd);
    return new IndexRow(collated, stored);
  }

  /** The same for texts of their own. */
  public static IndexRow keyed(byte[] key, byte[] value) {
    byte[] both = new byte[key.length + value.length];
    System.arraycopy(key, 0, both, 0, key.length);
    System.arraycopy(value, 0, both, key.length, value.length);
    return keyed(both, 0, key.length, key.length, both.length);
  }

  /**
   * A row that stands for its document: it is ordered by its value, and its key is the document's
   * id.
   *
   * @param json holds the value as compact, checked JSON; copied
   * @throws InvalidRequestException when the value exceeds the limits of {@link JsonCollation}
   */
  public static IndexRow valued(byte[] json, int start, int end) {
    byte[] collated = JsonCollation.encode(json, start, end);
    return new IndexRow(collated, RowLayout.storedValued(collated.length, json, start, end));
  }

  /** What the row is ordered by; not a copy. */
  byte[] collated() {
    return collated;
  }

  /** What is kept as the value in the keyspace; not a copy. */
  byte[] stored() {
    return stored;
  }

  /** The row as it will lie in the keyspace, without its place there. */
  public StoredRow toStored() {
    return StoredRow.ofValue(stored);
  }
}
