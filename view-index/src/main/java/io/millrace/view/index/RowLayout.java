package io.millrace.view.index;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.view.Row;
import java.nio.charset.StandardCharsets;

/**
 * How the index lies in its keyspace; the bytes are described in {@code docs/formats/row-keys.md}.
 *
 * <p>Rows: collated key, document id, 0x00, ordinal of the row within its document. The value says
 * how long the collated key is, then the JSON texts.
 */
final class RowLayout {
  static final byte STATISTICS = 0x00;
  static final byte DOCUMENT = 0x01;
  static final byte ERROR = 0x02;
  static final byte ROW = 0x03;

  /** What {@code io.millrace.view.index.reduce} keeps. */
  static final byte REDUCTION = 0x10;

  static final int KEYED = 1;
  static final int VALUED = 0;

  private RowLayout() {}

  /** The key of a document's entry under {@code space}. */
  static byte[] documentKey(byte space, byte[] id) {
    byte[] key = new byte[1 + id.length];
    key[0] = space;
    System.arraycopy(id, 0, key, 1, id.length);
    return key;
  }

  static byte[] rowKey(byte[] collated, byte[] id, int ordinal) {
    int ordinalBytes = ordinal < 0x80 ? 1 : ordinal < 0x4000 ? 2 : 4;
    byte[] key = new byte[1 + collated.length + id.length + 1 + ordinalBytes];
    key[0] = ROW;
    System.arraycopy(collated, 0, key, 1, collated.length);
    System.arraycopy(id, 0, key, 1 + collated.length, id.length);
    int at = key.length - ordinalBytes;
    if (ordinalBytes == 1) {
      key[at] = (byte) ordinal;
    } else if (ordinalBytes == 2) {
      key[at] = (byte) (0x80 | ordinal >> 8);
      key[at + 1] = (byte) ordinal;
    } else {
      key[at] = (byte) (0xc0 | ordinal >> 24);
      key[at + 1] = (byte) (ordinal >> 16);
      key[at + 2] = (byte) (ordinal >> 8);
      key[at + 3] = (byte) ordinal;
    }
    return key;
  }

  static byte[] storedKeyed(
      int collatedLength, byte[] json, int keyStart, int keyEnd, int valueStart, int valueEnd) {
    int keyLength = keyEnd - keyStart;
    ByteSink stored = new ByteSink(8 + keyLength + valueEnd - valueStart);
    stored.put(KEYED);
    stored.putVarint(collatedLength);
    stored.putVarint(keyLength);
    stored.put(json, keyStart, keyEnd);
    stored.put(json, valueStart, valueEnd);
    return stored.toArray();
  }

  static byte[] storedValued(int collatedLength, byte[] json, int start, int end) {
    ByteSink stored = new ByteSink(4 + end - start);
    stored.put(VALUED);
    stored.putVarint(collatedLength);
    stored.put(json, start, end);
    return stored.toArray();
  }

  /** The row that lies at {@code key}. */
  static Row row(byte[] key, byte[] stored) {
    try {
      ByteSource source = new ByteSource(stored);
      int kind = source.read();
      int idStart = 1 + source.readLength();
      int idEnd = idStart;
      while (key[idEnd] != 0) {
        idEnd++;
      }
      String id = new String(key, idStart, idEnd - idStart, StandardCharsets.UTF_8);
      byte[] position = new byte[key.length - 1];
      System.arraycopy(key, 1, position, 0, position.length);
      if (kind == KEYED) {
        byte[] rowKey = source.read(source.readLength());
        return new Row(id, true, rowKey, source.rest(), position);
      }
      return new Row(id, false, JsonStrings.quoted(id), source.rest(), position);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new CorruptionException("row index", "a row is cut short", e);
    }
  }
}
