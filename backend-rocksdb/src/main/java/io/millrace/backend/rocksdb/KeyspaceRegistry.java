package io.millrace.backend.rocksdb;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnsupportedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Which keyspace has which id, kept as rows under the id 0: the name's UTF-8 leads to the id. The
 * row without a name holds the format version and the next id, so that no id is ever used twice,
 * and rows of a dropped keyspace that are still on disk can never come back.
 *
 * <p>Names are looked up when they are first asked for, so opening costs the same with ten
 * keyspaces as with a hundred thousand.
 */
final class KeyspaceRegistry {
  static final int REGISTRY_ID = 0;

  private static final int FIRST_ID = 1;
  private static final int MAX_NAME_BYTES = 512;
  private static final byte[] HEADER_KEY = RocksdbKeyspace.prefix(REGISTRY_ID);

  private final RocksdbStore store;
  private final Path folder;
  private final ConcurrentMap<String, RocksdbKeyspace> known = new ConcurrentHashMap<>();

  /** Shared by those who write, exclusive for dropping: no batch is written to what is dropped. */
  private final ReadWriteLock drops = new ReentrantReadWriteLock();

  private int nextId;

  KeyspaceRegistry(RocksdbStore store, Path folder) {
    this.store = store;
    this.folder = folder;
  }

  /** Reads the header row; in a new database there is none. */
  void load(byte @Nullable [] header) {
    if (header == null) {
      nextId = FIRST_ID;
      return;
    }
    if (header.length < Integer.BYTES) {
      throw damaged("the header row has " + header.length + " bytes");
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    int version = fields.getInt();
    if (version != RocksdbStoreProvider.FORMAT_VERSION) {
      throw new UnsupportedException(
          "store-format",
          "RocksDB store "
              + folder
              + " has format "
              + version
              + "; this build knows "
              + RocksdbStoreProvider.FORMAT_VERSION
              + "; open it with the build that wrote it, or remove it to have it rebuilt");
    }
    if (fields.remaining() != Integer.BYTES) {
      throw damaged("the header row has " + header.length + " bytes");
    }
    nextId = fields.getInt();
  }

  static byte[] headerKey() {
    return HEADER_KEY.clone();
  }

  RocksdbKeyspace keyspace(String name) {
    RocksdbKeyspace found = known.get(name);
    return found != null ? found : findOrMake(name);
  }

  private synchronized RocksdbKeyspace findOrMake(String name) {
    RocksdbKeyspace found = known.get(name);
    if (found != null) {
      return found;
    }
    byte[] row = row(name);
    byte[] stored = store.readStored(row);
    RocksdbKeyspace made;
    if (stored != null) {
      if (stored.length != Integer.BYTES) {
        throw damaged("the row of keyspace " + name + " has " + stored.length + " bytes");
      }
      made = new RocksdbKeyspace(store, name, ByteBuffer.wrap(stored).getInt());
    } else {
      made = new RocksdbKeyspace(store, name, make(row));
    }
    known.put(name, made);
    return made;
  }

  private int make(byte[] row) {
    int id = nextId;
    if (id == -1) { // the end of this keyspace would lie beyond four bytes
      throw new UnsupportedException(
          "too-many-keyspaces", "store " + folder + " has used up all its keyspace ids");
    }
    RocksdbBatch batch = new RocksdbBatch(store);
    batch.putStored(row, ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
    batch.putStored(
        HEADER_KEY,
        ByteBuffer.allocate(2 * Integer.BYTES)
            .putInt(RocksdbStoreProvider.FORMAT_VERSION)
            .putInt(id + 1)
            .array());
    store.apply(batch);
    nextId = id + 1;
    return id;
  }

  /** Writes {@code batch} unless one of its keyspaces is dropped. */
  void write(RocksdbBatch batch) {
    drops.readLock().lock();
    try {
      batch.requireLiveKeyspaces();
      store.apply(batch);
    } finally {
      drops.readLock().unlock();
    }
  }

  synchronized void drop(RocksdbKeyspace keyspace) {
    drops.writeLock().lock();
    try {
      if (keyspace.dropped()) {
        return;
      }
      RocksdbBatch batch = new RocksdbBatch(store);
      batch.deleteRange(keyspace, new byte[0], null);
      batch.deleteStored(row(keyspace.name()));
      store.apply(batch);
      keyspace.markDropped();
      known.remove(keyspace.name());
    } finally {
      drops.writeLock().unlock();
    }
  }

  /** The names, in the order of their UTF-8. */
  List<String> names(RocksdbCursor rows) {
    List<String> names = new ArrayList<>();
    while (rows.advance()) {
      byte[] name = rows.key();
      if (name.length > 0) {
        names.add(new String(name, StandardCharsets.UTF_8));
      }
    }
    return names;
  }

  private static byte[] row(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    if (utf8.length == 0 || utf8.length > MAX_NAME_BYTES) {
      throw new InvalidRequestException(
          "invalid-keyspace",
          "a keyspace's name has 1 to "
              + MAX_NAME_BYTES
              + " bytes of UTF-8; this one has "
              + utf8.length);
    }
    if (!new String(utf8, StandardCharsets.UTF_8).equals(name)) {
      throw new InvalidRequestException(
          "invalid-keyspace", "a keyspace's name must be well-formed Unicode");
    }
    byte[] row = new byte[RocksdbKeyspace.PREFIX_BYTES + utf8.length];
    RocksdbKeyspace.writePrefix(row, 0, REGISTRY_ID);
    System.arraycopy(utf8, 0, row, RocksdbKeyspace.PREFIX_BYTES, utf8.length);
    return row;
  }

  private CorruptionException damaged(String what) {
    return new CorruptionException(folder + ", keyspace registry", what);
  }
}
