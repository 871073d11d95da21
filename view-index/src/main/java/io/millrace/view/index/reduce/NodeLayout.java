package io.millrace.view.index.reduce;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.view.index.StoredRow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How the tree of partial reductions lies in the keyspace of its rows; the bytes are described in
 * {@code docs/formats/reductions.md}.
 *
 * <p>A node of level L covers the rows from its own row, whose key has a hash of level L or more,
 * up to the next such row; the first node of a level begins before all rows. It lies at its level
 * and the key of its row. Its value is empty until it is computed.
 */
final class NodeLayout {
  /** How many levels of nodes there are. Four levels of 32 make a million rows one node. */
  static final int LEVELS = 4;

  /** Before all rows, as the key of a row. */
  static final byte[] FIRST = {StoredRow.ROWS};

  /** Beyond all rows, as the key of a row. */
  static final byte[] BEYOND = {StoredRow.ROWS + 1};

  /** Where it stands that computing has begun; while it is missing, no node is computed. */
  static final byte[] BEGUN_KEY = {StoredRow.REDUCTIONS, 0};

  static final byte[] BEGUN = {1};
  static final byte[] NOT_COMPUTED = {};

  private static final int BITS_PER_LEVEL = 5;
  private static final int HEADER = 2;
  private static final byte REDUCED = 1;
  private static final byte FAILED = 2;
  private static final Hasher64 HASH = Hashing.xxh3_64();

  private NodeLayout() {}

  /** The highest level at which a node begins with the row at {@code place}; 0 for none. */
  static int level(byte[] place) {
    long hash = HASH.hashBytesToLong(place, 1, place.length - 1);
    return Math.min(LEVELS, Long.numberOfTrailingZeros(hash) / BITS_PER_LEVEL);
  }

  /** Where the node lies that begins with the row at {@code place}. */
  static byte[] nodeKey(int level, byte[] place) {
    byte[] key = new byte[HEADER + place.length - 1];
    key[0] = StoredRow.REDUCTIONS;
    key[1] = (byte) level;
    System.arraycopy(place, 1, key, HEADER, place.length - 1);
    return key;
  }

  /** Where the row lies with which the node at {@code nodeKey} begins. */
  static byte[] place(byte[] nodeKey) {
    byte[] place = new byte[1 + nodeKey.length - HEADER];
    place[0] = StoredRow.ROWS;
    System.arraycopy(nodeKey, HEADER, place, 1, nodeKey.length - HEADER);
    return place;
  }

  /** Where the nodes of {@code level} end that begin below {@code end}. */
  static byte[] endKey(int level, byte[] end) {
    return Arrays.equals(end, BEYOND)
        ? new byte[] {StoredRow.REDUCTIONS, (byte) (level + 1)}
        : nodeKey(level, end);
  }

  /** The value of a node with this partial reduction. */
  static byte[] reduced(byte[] partial) {
    return tagged(REDUCED, partial);
  }

  /** The value of a node whose rows cannot be reduced. */
  static byte[] failed(String message) {
    return tagged(FAILED, message.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] tagged(byte tag, byte[] rest) {
    byte[] value = new byte[1 + rest.length];
    value[0] = tag;
    System.arraycopy(rest, 0, value, 1, rest.length);
    return value;
  }

  /**
   * The partial reduction in the value of a computed node.
   *
   * @throws ReductionFailedException when its rows cannot be reduced
   */
  static byte[] partial(byte[] value) {
    byte[] rest = Arrays.copyOfRange(value, 1, value.length);
    if (value[0] == FAILED) {
      throw new ReductionFailedException(new String(rest, StandardCharsets.UTF_8));
    }
    return rest;
  }
}
