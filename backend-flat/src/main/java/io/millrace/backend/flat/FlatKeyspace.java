package io.millrace.backend.flat;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace: four bytes in front of every key, big-endian, so that keyspaces lie one behind the
 * other.
 */
final class FlatKeyspace implements Keyspace {
  static final int PREFIX_BYTES = Integer.BYTES;

  private final FlatStore store;
  private final String name;
  private final int id;

  /** The number of this keyspace's drop among all drops since the store was opened. */
  private volatile long droppedAs = Long.MAX_VALUE;

  FlatKeyspace(FlatStore store, String name, int id) {
    this.store = store;
    this.name = name;
    this.id = id;
  }

  @Override
  public String name() {
    return name;
  }

  boolean belongsTo(FlatStore other) {
    return store == other;
  }

  int id() {
    return id;
  }

  boolean dropped() {
    return droppedAs != Long.MAX_VALUE;
  }

  /** Whether it was there when {@code drops} keyspaces had been dropped. */
  boolean livedBefore(long drops) {
    return droppedAs > drops;
  }

  /** Called while nobody writes. */
  void markDropped(long number) {
    droppedAs = number;
  }

  /** The key as it is stored. */
  byte[] stored(byte[] key) {
    byte[] stored = new byte[PREFIX_BYTES + key.length];
    writePrefix(stored, 0, id);
    System.arraycopy(key, 0, stored, PREFIX_BYTES, key.length);
    return stored;
  }

  /** The stored form of an upper bound; null for the end of the keyspace. */
  byte[] storedEnd(byte @Nullable [] to) {
    return to == null ? prefix(id + 1) : stored(to);
  }

  /** The rows of {@code range}, or null when it is empty. */
  @Nullable FlatWalk walk(FlatReader reader, KeyRange range) {
    return range.isEmpty()
        ? null
        : reader.walk(stored(range.from()), storedEnd(range.to()), range.reverse());
  }

  /** The id that {@link KeyspaceRegistry#dropMark} put into a key. */
  static int idOfMark(byte[] mark) {
    return ByteBuffer.wrap(mark).getInt(PREFIX_BYTES);
  }

  static byte[] prefix(int id) {
    byte[] prefix = new byte[PREFIX_BYTES];
    writePrefix(prefix, 0, id);
    return prefix;
  }

  static byte[] withoutPrefix(byte[] stored) {
    return Arrays.copyOfRange(stored, PREFIX_BYTES, stored.length);
  }

  static void writePrefix(byte[] target, int position, int id) {
    target[position] = (byte) (id >>> 24);
    target[position + 1] = (byte) (id >>> 16);
    target[position + 2] = (byte) (id >>> 8);
    target[position + 3] = (byte) id;
  }

  @Override
  public String toString() {
    return "keyspace " + name;
  }
}
