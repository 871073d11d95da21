package io.millrace.backend.rocksdb;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A batch, kept in the very form in which RocksDB takes it, so that it crosses into native code
 * once instead of once for each change. When it grows large it goes on in native memory, since a
 * heap need not have room for it.
 *
 * <p>The form is that of RocksDB's {@code write_batch.cc}, unchanged since its first release and
 * part of its log format: a sequence of 8 bytes and a count of 4 bytes, little-endian, then for
 * each change a tag, and length and bytes of key and value, lengths as base-128 varints.
 */
final class RocksdbBatch implements StoreBatch {
  static final int MAX_KEY_BYTES = 65_535;

  private static final byte TAG_DELETE = 0x0;
  private static final byte TAG_PUT = 0x1;
  private static final byte TAG_DELETE_RANGE = 0xF;
  private static final int COUNT_POSITION = 8;
  private static final int HEADER_BYTES = 12;
  private static final int MAX_VARINT_BYTES = 5;
  private static final int LARGE_BYTES = 8 << 20;

  private final RocksdbStore store;
  private byte[] bytes = new byte[512];
  private int length = HEADER_BYTES;
  private int size;
  private int records;
  private boolean spent;

  /** The whole batch in native memory; null while it is in {@link #bytes}. */
  private @Nullable WriteBatch large;

  /** Those written to; nearly always a handful, and the same again and again. */
  private final Set<RocksdbKeyspace> keyspaces = new HashSet<>();

  private @Nullable RocksdbKeyspace last;

  RocksdbBatch(RocksdbStore store) {
    this.store = store;
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    RocksdbKeyspace target = target(keyspace);
    if (large != null) {
      requireShort(key.length);
      putLarge(large, target.stored(key), value);
      return;
    }
    begin(TAG_PUT, key.length, value.length);
    appendKey(target, key);
    appendVarint(value.length);
    append(value);
    grow();
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    RocksdbKeyspace target = target(keyspace);
    if (large != null) {
      requireShort(key.length);
      deleteLarge(large, target.stored(key));
      return;
    }
    begin(TAG_DELETE, key.length, 0);
    appendKey(target, key);
    grow();
  }

  /** Goes on in native memory when there is much already. */
  private void grow() {
    if (length > LARGE_BYTES) {
      large = new WriteBatch(finished());
      bytes = new byte[0];
    }
  }

  private void putLarge(WriteBatch batch, byte[] storedKey, byte[] value) {
    try {
      batch.put(storedKey, value);
    } catch (RocksDBException e) {
      throw store.failed("adding to a batch", e);
    }
    size++;
  }

  private void deleteLarge(WriteBatch batch, byte[] storedKey) {
    try {
      batch.delete(storedKey);
    } catch (RocksDBException e) {
      throw store.failed("adding to a batch", e);
    }
    size++;
  }

  @Override
  public void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
    RocksdbKeyspace target = target(keyspace);
    if (to != null && Arrays.compareUnsigned(from, to) >= 0) {
      size++; // nothing lies between; RocksDB would refuse the whole batch
      return;
    }
    byte[] end = target.storedEnd(to);
    if (large != null) {
      requireShort(from.length);
      try {
        large.deleteRange(target.stored(from), end);
      } catch (RocksDBException e) {
        throw store.failed("adding to a batch", e);
      }
      size++;
      return;
    }
    begin(TAG_DELETE_RANGE, from.length, end.length);
    appendKey(target, from);
    appendVarint(end.length);
    append(end);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void close() {
    spent = true;
    bytes = new byte[0];
    if (large != null) {
      large.close();
      large = null;
    }
  }

  /** Adds a row of the store's own, outside of every keyspace. */
  void putStored(byte[] storedKey, byte[] value) {
    if (large != null) {
      putLarge(large, storedKey, value);
      return;
    }
    begin(TAG_PUT, storedKey.length, value.length);
    appendVarint(storedKey.length);
    append(storedKey);
    appendVarint(value.length);
    append(value);
  }

  /** Removes a row of the store's own. */
  void deleteStored(byte[] storedKey) {
    if (large != null) {
      deleteLarge(large, storedKey);
      return;
    }
    begin(TAG_DELETE, storedKey.length, 0);
    appendVarint(storedKey.length);
    append(storedKey);
  }

  boolean belongsTo(RocksdbStore other) {
    return store == other;
  }

  /** Refuses the batch when it writes to a keyspace that has been dropped. */
  void requireLiveKeyspaces() {
    for (RocksdbKeyspace keyspace : keyspaces) {
      requireLive(keyspace);
    }
  }

  /** The finished batch, to be closed; null when there is nothing to do. Ends this batch. */
  @Nullable WriteBatch take() {
    requireUnspent();
    spent = true;
    WriteBatch taken = large;
    if (taken == null && records > 0) {
      taken = new WriteBatch(finished());
    }
    large = null;
    bytes = new byte[0];
    return taken;
  }

  private byte[] finished() {
    byte[] finished = bytes;
    for (int i = 0; i < Integer.BYTES; i++) {
      finished[COUNT_POSITION + i] = (byte) (records >>> (8 * i));
    }
    return finished.length == length ? finished : Arrays.copyOf(finished, length);
  }

  private RocksdbKeyspace target(Keyspace keyspace) {
    requireUnspent();
    if (keyspace == last) {
      return last;
    }
    RocksdbKeyspace target = store.own(keyspace);
    requireLive(target);
    keyspaces.add(target);
    last = target;
    return target;
  }

  private static void requireLive(RocksdbKeyspace keyspace) {
    if (keyspace.dropped()) {
      throw new InvalidRequestException(
          "keyspace-dropped",
          "keyspace " + keyspace.name() + " was dropped; ask the store for it again");
    }
  }

  private void requireUnspent() {
    if (spent) {
      throw new IllegalStateException("the batch was written or closed before");
    }
  }

  private void begin(byte tag, int keyBytes, int valueBytes) {
    requireShort(keyBytes);
    long needed =
        (long) length + 1 + MAX_VARINT_BYTES * 2 + RocksdbKeyspace.PREFIX_BYTES + keyBytes;
    ensure(needed + valueBytes);
    bytes[length++] = tag;
    size++;
    records++;
  }

  private void ensure(long needed) {
    if (needed > bytes.length) {
      if (needed > Integer.MAX_VALUE - 64) {
        throw new InvalidRequestException(
            "batch-too-large", "a batch holds at most 2 GiB; split it into several");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 64, needed * 2));
    }
  }

  private void appendKey(RocksdbKeyspace keyspace, byte[] key) {
    appendVarint(RocksdbKeyspace.PREFIX_BYTES + key.length);
    RocksdbKeyspace.writePrefix(bytes, length, keyspace.id());
    length += RocksdbKeyspace.PREFIX_BYTES;
    append(key);
  }

  private void append(byte[] source) {
    System.arraycopy(source, 0, bytes, length, source.length);
    length += source.length;
  }

  private void appendVarint(int value) {
    int rest = value;
    while (rest > 0x7f) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private static void requireShort(int keyBytes) {
    if (keyBytes > MAX_KEY_BYTES) {
      throw new InvalidRequestException(
          "key-too-long",
          "a key has at most " + MAX_KEY_BYTES + " bytes; this one has " + keyBytes);
    }
  }
}
