package io.millrace.backend.flat;

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
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Which keyspace has which id, kept as rows under the id 0: the name's UTF-8 leads to the id. The
 * row without a name holds the format version and the next id, so that no id is ever used twice,
 * and rows of a dropped keyspace that are still on disk can never come back. A row under the id 1
 * names a dropped keyspace's id as long as rows of it may be left.
 *
 * <p>Names are looked up when they are first asked for, so opening costs the same with ten
 * keyspaces as with a hundred thousand.
 */
final class KeyspaceRegistry {
  static final int REGISTRY_ID = 0;
  static final int DROPPED_ID = 1;

  private static final int FIRST_ID = 2;
  private static final int MAX_NAME_BYTES = 512;
  private static final byte[] HEADER_KEY = FlatKeyspace.prefix(REGISTRY_ID);

  private final FlatStore store;
  private final String engineName;
  private final int formatVersion;
  private final Path folder;
  private final Lock writing;
  private final ConcurrentMap<String, FlatKeyspace> known = new ConcurrentHashMap<>();

  /** Guarded by {@link #writing}. */
  private int nextId;

  /** How many keyspaces were dropped since the store was opened. */
  private volatile long drops;

  KeyspaceRegistry(
      FlatStore store, String engineName, int formatVersion, Path folder, Lock writing) {
    this.writing = writing;
    this.store = store;
    this.engineName = engineName;
    this.formatVersion = formatVersion;
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
    if (version != formatVersion) {
      throw new UnsupportedException(
          "store-format",
          engineName
              + " store "
              + folder
              + " has format "
              + version
              + "; this build knows "
              + formatVersion
              + "; open it with the build that wrote it ("
              + FlatFolder.REMEDY
              + ")");
    }
    if (fields.remaining() != Integer.BYTES) {
      throw damaged("the header row has " + header.length + " bytes");
    }
    nextId = fields.getInt();
  }

  static byte[] headerKey() {
    return HEADER_KEY.clone();
  }

  FlatKeyspace keyspace(String name) {
    FlatKeyspace found = known.get(name);
    if (found != null) {
      return found;
    }
    byte[] row = row(name);
    writing.lock();
    try {
      return findOrMake(name, row);
    } finally {
      writing.unlock();
    }
  }

  private FlatKeyspace findOrMake(String name, byte[] row) {
    FlatKeyspace found = known.get(name);
    if (found != null) {
      return found;
    }
    byte[] stored = store.readStored(row);
    FlatKeyspace made;
    if (stored != null) {
      if (stored.length != Integer.BYTES) {
        throw damaged("the row of keyspace " + name + " has " + stored.length + " bytes");
      }
      made = new FlatKeyspace(store, name, ByteBuffer.wrap(stored).getInt());
    } else {
      made = new FlatKeyspace(store, name, make(row));
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
    store.apply(
        List.of(
            new FlatChange(row, fourBytes(id)),
            new FlatChange(
                HEADER_KEY,
                ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(formatVersion)
                    .putInt(id + 1)
                    .array())));
    nextId = id + 1;
    return id;
  }

  /** How many keyspaces were dropped since the store was opened. */
  long drops() {
    return drops;
  }

  /** Makes the name free; the rows are left to the {@link Sweeper}. The caller writes. */
  void drop(FlatKeyspace keyspace) {
    store.apply(
        List.of(
            FlatChange.removal(row(keyspace.name())),
            new FlatChange(dropMark(keyspace.id()), new byte[0])));
    keyspace.markDropped(drops + 1);
    drops++;
    known.remove(keyspace.name());
  }

  /** The key of the row that is there until no row of the dropped keyspace is left. */
  static byte[] dropMark(int id) {
    return ByteBuffer.allocate(2 * Integer.BYTES).putInt(DROPPED_ID).putInt(id).array();
  }

  /** The names, in the order of their UTF-8. */
  List<String> names(FlatWalk rows) {
    List<String> names = new ArrayList<>();
    while (rows.advance()) {
      byte[] row = rows.key();
      int length = row.length - FlatKeyspace.PREFIX_BYTES;
      if (length > 0) {
        names.add(new String(row, FlatKeyspace.PREFIX_BYTES, length, StandardCharsets.UTF_8));
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
    byte[] row = new byte[FlatKeyspace.PREFIX_BYTES + utf8.length];
    FlatKeyspace.writePrefix(row, 0, REGISTRY_ID);
    System.arraycopy(utf8, 0, row, FlatKeyspace.PREFIX_BYTES, utf8.length);
    return row;
  }

  private static byte[] fourBytes(int id) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
  }

  private CorruptionException damaged(String what) {
    return new CorruptionException(folder + ", keyspace registry", what);
  }
}
