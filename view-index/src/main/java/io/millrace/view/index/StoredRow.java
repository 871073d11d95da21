package io.millrace.view.index;

import io.millrace.api.error.CorruptionException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A row as it lies in the keyspace, read without copies, for what is built upon the rows. The
 * arrays must not be changed.
 */
public final class StoredRow {
  /** The first byte of the keys of rows. */
  public static final byte ROWS = RowLayout.ROW;

  /** The first byte of the keys of what is computed from ranges of rows. */
  public static final byte REDUCTIONS = RowLayout.REDUCTION;

  private static final byte[] NO_PLACE = {ROWS};

  private final byte[] place;
  private final byte[] json;
  private final int collatedEnd;
  private final int keyStart;
  private final int valueStart;

  private StoredRow(byte[] place, byte[] stored) {
    this.place = place;
    this.json = stored;
    try {
      ByteSource source = new ByteSource(stored);
      boolean keyed = source.read() == RowLayout.KEYED;
      this.collatedEnd = 1 + source.readLength();
      int keyLength = keyed ? source.readLength() : 0;
      this.keyStart = source.position();
      this.valueStart = keyStart + keyLength;
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new CorruptionException("row index", "a row is cut short", e);
    }
  }

  /**
   * The row that lies at {@code place}.
   *
   * @param stored the value there
   */
  public static StoredRow of(byte[] place, byte[] stored) {
    StoredRow row = new StoredRow(place, stored);
    if (row.collatedEnd >= place.length || row.valueStart >= stored.length) {
      throw new CorruptionException("row index", "a row is cut short");
    }
    return row;
  }

  static StoredRow ofValue(byte[] stored) {
    return new StoredRow(NO_PLACE, stored);
  }

  /** The key in the keyspace. */
  public byte[] place() {
    return place;
  }

  /**
   * Where in {@link #place} the encoding of what the row is ordered by ends; it begins behind the
   * first byte.
   */
  public int collatedEnd() {
    return collatedEnd;
  }

  /** Holds key and value as compact JSON. */
  public byte[] json() {
    return json;
  }

  /** Where in {@link #json} begins what the row is ordered by: its key, or else its value. */
  public int keyStart() {
    return keyStart;
  }

  /** Where that ends. */
  public int keyEnd() {
    return valueStart == keyStart ? json.length : valueStart;
  }

  /** Where in {@link #json} the value begins, which reaches to the end. */
  public int valueStart() {
    return valueStart;
  }

  /** Whether the value is null. */
  public boolean isNull() {
    return json[valueStart] == 'n';
  }

  /** What the row is ordered by, as JSON; a copy. */
  public byte[] keyJson() {
    return Arrays.copyOfRange(json, keyStart, keyEnd());
  }

  /** The document that made the row. */
  public String documentId() {
    int end = collatedEnd;
    while (end < place.length && place[end] != 0) {
      end++;
    }
    return new String(place, collatedEnd, end - collatedEnd, StandardCharsets.UTF_8);
  }
}
