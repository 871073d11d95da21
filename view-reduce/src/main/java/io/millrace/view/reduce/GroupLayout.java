package io.millrace.view.reduce;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a view lies in its keyspace; the bytes are described in {@code docs/formats/reduce-keys.md}.
 *
 * <p>Groups lie where the row index has its rows, so that its queries find them.
 */
final class GroupLayout {
  static final byte TOTALS = 0x00;
  static final byte DOCUMENT = 0x01;
  static final byte ERROR = 0x02;
  static final byte GROUP = 0x03;
  static final byte VALUE = 0x04;
  static final byte STATE = 0x05;

  static final byte[] TOTALS_KEY = {TOTALS};
  static final byte[] STATE_KEY = {STATE};

  private GroupLayout() {}

  /** The key of a document's entry under {@code space}. */
  static byte[] documentKey(byte space, String id) {
    return key(space, id.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] groupKey(byte[] collatedGroup) {
    return key(GROUP, collatedGroup);
  }

  /** What the keys of the values of a column of a group begin with. */
  static byte[] valuesKey(byte[] groupKey, int column) {
    byte[] key = Arrays.copyOf(groupKey, groupKey.length + 1);
    key[0] = VALUE;
    key[groupKey.length] = (byte) column;
    return key;
  }

  static byte[] valueKey(byte[] valuesKey, byte[] collatedValue) {
    byte[] key = Arrays.copyOf(valuesKey, valuesKey.length + collatedValue.length);
    System.arraycopy(collatedValue, 0, key, valuesKey.length, collatedValue.length);
    return key;
  }

  private static byte[] key(byte space, byte[] rest) {
    byte[] key = new byte[1 + rest.length];
    key[0] = space;
    System.arraycopy(rest, 0, key, 1, rest.length);
    return key;
  }
}
