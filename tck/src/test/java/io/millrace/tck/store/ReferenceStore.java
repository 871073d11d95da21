package io.millrace.tck.store;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store of sorted maps that is right, or wrong in one way. What its "disk" holds is handed from
 * one to the next.
 */
public final class ReferenceStore implements Store {
  /** All rows by the names of their keyspaces. */
  static final class Rows extends TreeMap<String, TreeMap<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    Rows() {}

    Rows(Rows other) {
      other.forEach((name, rows) -> put(name, new TreeMap<>(rows)));
    }
  }

  private record Handle(ReferenceStore store, String name, int life) implements Keyspace {}

  private final @Nullable Flaw flaw;
  private final Consumer<Rows> disk;
  private final Map<String, Integer> lives = new TreeMap<>();
  private Rows rows;
  private boolean closed;

  /** Whether batches may be lost, since a crash is coming. */
  private boolean forgetful;

  private int writes;
  private @Nullable Rows checkpointed;

  /**
   * @param disk is told what survives, whenever that changes
   */
  ReferenceStore(@Nullable Flaw flaw, Rows survivors, Consumer<Rows> disk) {
    this.flaw = flaw;
    this.rows = new Rows(survivors);
    this.disk = disk;
  }

  /** One that is right, in memory, without rows. */
  public static Store empty() {
    return new ReferenceStore(null, new Rows(), rows -> {});
  }

  /** From now on batches are lost as {@link Flaw} says. */
  void beginForgetting() {
    forgetful = true;
  }

  @Override
  public synchronized Keyspace keyspace(String name) {
    requireOpen();
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > 512) {
      throw new InvalidRequestException("invalid-keyspace", "1 to 512 bytes");
    }
    return new Handle(this, name, lives.getOrDefault(name, 0));
  }

  @Override
  public synchronized List<String> keyspaces() {
    requireOpen();
    return rows.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public StoreBatch batch() {
    requireOpen();
    return new Batch();
  }

  @Override
  public void write(StoreBatch batch) {
    requireOpen();
    Batch own = (Batch) batch;
    synchronized (this) {
      own.touched.forEach(this::requireLive);
      writes++;
      if (forgetful
          && flaw == Flaw.FORGETS_A_BATCH_IN_THE_MIDDLE_WHEN_IT_CRASHES
          && writes == 700) {
        return;
      }
      if (flaw == Flaw.LOSES_LAST_PUT_OF_A_BATCH && own.changes.size() > 1) {
        own.changes.remove(own.changes.size() - 1);
      }
      if (flaw != Flaw.SHOWS_A_BATCH_KEYSPACE_BY_KEYSPACE) {
        Rows changed = copyOf(own.touched);
        own.changes.forEach(change -> change.accept(changed));
        rows = changed;
        return;
      }
    }
    for (Consumer<Rows> change : own.changes) {
      synchronized (this) {
        Rows changed = copyOf(own.touched);
        change.accept(changed);
        rows = changed;
      }
      Thread.yield();
    }
  }

  /** Shares all keyspaces but those that are about to change. */
  private Rows copyOf(Set<Handle> touched) {
    Rows copy = new Rows();
    copy.putAll(rows);
    if (flaw != Flaw.CURSOR_SEES_LATER_WRITES) {
      for (Handle handle : touched) {
        copy.computeIfPresent(handle.name, (name, old) -> new TreeMap<>(old));
      }
    }
    return copy;
  }

  @Override
  public StoreSnapshot snapshot() {
    requireOpen();
    return new Snapshot(flaw == Flaw.SNAPSHOT_MOVES_WITH_THE_STORE ? null : rows);
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    return now().get(keyspace, key);
  }

  @Override
  public synchronized List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    return now().getAll(keyspace, keys);
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    return now().range(keyspace, range);
  }

  private synchronized Snapshot now() {
    if (flaw != Flaw.READS_AFTER_CLOSE) {
      requireOpen();
    }
    return new Snapshot(rows);
  }

  @Override
  public synchronized void drop(Keyspace keyspace) {
    requireOpen();
    Handle handle = own(keyspace);
    if (lives.getOrDefault(handle.name, 0) != handle.life) {
      return;
    }
    if (flaw != Flaw.DROPPED_HANDLE_STILL_WRITES) {
      lives.merge(handle.name, 1, Integer::sum);
    }
    if (flaw != Flaw.DROP_KEEPS_ROWS) {
      Rows changed = new Rows();
      changed.putAll(rows);
      changed.remove(handle.name);
      rows = changed;
    }
  }

  @Override
  public synchronized void flush() {
    requireOpen();
    if (flaw != Flaw.LOSES_FLUSHED_ROWS_WHEN_IT_CRASHES) {
      disk.accept(new Rows(rows));
    }
  }

  @Override
  public synchronized void checkpoint(Path folder) {
    requireOpen();
    if (Files.exists(folder) || !Files.isDirectory(folder.getParent())) {
      throw new InvalidRequestException("checkpoint-exists", "no place for " + folder);
    }
    Rows copy = new Rows(rows);
    if (flaw == Flaw.CHECKPOINT_LACKS_A_ROW) {
      copy.firstEntry().getValue().pollFirstEntry();
    }
    checkpointed = copy;
  }

  /** What the last checkpoint holds. */
  Rows checkpointed() {
    return Objects.requireNonNull(checkpointed);
  }

  @Override
  public synchronized long sizeBytes() {
    requireOpen();
    return rows.values().stream()
        .flatMap(keyspace -> keyspace.entrySet().stream())
        .mapToLong(row -> row.getKey().length + row.getValue().length)
        .sum();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (flaw != Flaw.LOSES_ROWS_WHEN_IT_CLOSES) {
        disk.accept(new Rows(rows));
      }
    }
  }

  private Handle own(Keyspace keyspace) {
    if (keyspace instanceof Handle handle && handle.store == this) {
      return handle;
    }
    throw new IllegalArgumentException("not of this store");
  }

  private synchronized void requireLive(Handle handle) {
    if (lives.getOrDefault(handle.name, 0) != handle.life) {
      throw new InvalidRequestException("keyspace-dropped", handle.name);
    }
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new UnavailableException("store-closed", "closed");
    }
  }

  private TreeMap<byte[], byte[]> emptyKeyspace() {
    Comparator<byte[]> order =
        flaw == Flaw.ORDERS_KEYS_AS_SIGNED_BYTES ? Arrays::compare : Arrays::compareUnsigned;
    return new TreeMap<>(order);
  }

  private final class Batch implements StoreBatch {
    final List<Consumer<Rows>> changes = new ArrayList<>();
    final Set<Handle> touched = new LinkedHashSet<>();

    @Override
    public void put(Keyspace keyspace, byte[] key, byte[] value) {
      if (key.length > 65_535) {
        throw new InvalidRequestException("key-too-long", "at most 65,535 bytes");
      }
      byte[] keptKey = key.clone();
      byte[] keptValue = value.clone();
      add(keyspace, rows -> rows.put(keptKey, keptValue));
    }

    @Override
    public void delete(Keyspace keyspace, byte[] key) {
      byte[] kept = key.clone();
      add(keyspace, rows -> rows.remove(kept));
    }

    @Override
    public void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
      byte[] first = from.clone();
      byte[] end = to == null ? null : to.clone();
      boolean tooMany = flaw == Flaw.DELETES_ONE_KEY_TOO_MANY;
      add(
          keyspace,
          rows -> {
            if (end == null) {
              rows.tailMap(first, true).clear();
            } else if (rows.comparator().compare(first, end) < 0) {
              rows.subMap(first, true, end, tooMany).clear();
            }
          });
    }

    private void add(Keyspace keyspace, Consumer<TreeMap<byte[], byte[]>> change) {
      Handle handle = own(keyspace);
      touched.add(handle);
      changes.add(all -> change.accept(all.computeIfAbsent(handle.name, name -> emptyKeyspace())));
    }

    @Override
    public int size() {
      return changes.size();
    }

    @Override
    public void close() {}
  }

  private final class Snapshot implements StoreSnapshot {
    private final @Nullable Rows fixed;
    private boolean snapshotClosed;

    /**
     * @param fixed null for whatever the store has
     */
    Snapshot(@Nullable Rows fixed) {
      this.fixed = fixed;
    }

    @Override
    public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
      requireReadable();
      byte[] value = keyspaceRows(keyspace).get(key);
      boolean hidden = flaw == Flaw.EMPTY_VALUE_IS_ABSENCE && value != null && value.length == 0;
      return value == null || hidden ? null : value.clone();
    }

    @Override
    public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
      List<byte @Nullable []> values = new ArrayList<>();
      keys.forEach(key -> values.add(get(keyspace, key)));
      requireReadable();
      return values;
    }

    @Override
    public StoreCursor range(Keyspace keyspace, KeyRange range) {
      requireReadable();
      return new ReferenceCursor(keyspaceRows(keyspace), range, () -> requireReadable(flaw));
    }

    private TreeMap<byte[], byte[]> keyspaceRows(Keyspace keyspace) {
      Handle handle = own(keyspace);
      Rows source = fixed == null ? rows : fixed;
      // A snapshot older than the drop still has the rows; the newest state has none for this life.
      boolean dead = source == rows && lives.getOrDefault(handle.name, 0) != handle.life;
      TreeMap<byte[], byte[]> found = source.get(handle.name);
      return found == null || dead && flaw != Flaw.DROP_KEEPS_ROWS ? emptyKeyspace() : found;
    }

    private void requireReadable() {
      if (flaw != Flaw.READS_AFTER_CLOSE) {
        requireOpen();
      }
      if (snapshotClosed) {
        throw new UnavailableException("snapshot-closed", "closed");
      }
    }

    private void requireReadable(@Nullable Flaw present) {
      if (present != Flaw.CURSOR_OUTLIVES_THE_STORE) {
        requireReadable();
      }
    }

    @Override
    public void close() {
      snapshotClosed = true;
    }
  }
}
