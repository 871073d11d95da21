package com.example.mvstore;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.spi.Meters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStore.TxCounter;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;

/**
 * A store in one file: all keyspaces are stretches of one copy-on-write tree.
 *
 * <p><b>Atomicity.</b> A batch changes the tree row by row, which readers do not see: they read
 * from {@link #visible}, a root that is exchanged when the batch is complete.
 *
 * <p><b>Durability.</b> MVStore writes all changes since the last time together, as one chunk of
 * its file, and after a crash goes on from the last chunk that is whole, which its header names. It
 * is told to do so between batches only, so a prefix of the batches survives.
 *
 * <p><b>Damage.</b> Each page has checksums ({@link CheckedBytes}). MVStore goes on from the last
 * chunk that is whole, so damage at the end of the file costs the last batches, as a crash does.
 *
 * <p><b>Threads.</b> One batch at a time holds {@link #writing}. Everyone who touches the file
 * holds the shared half of {@link #gate}, and closing takes the other half.
 */
final class TreeStore implements Store {
  static final String FILE = "rows.mv";

  private static final int MAX_NAME_BYTES = 512;

  /** What is left free on the disk, so that MVStore never finds it full: it would close itself. */
  private static final long RESERVED_BYTES = 16L << 20;

  /**
   * The folders that this process has open. When a process closes a file, through whichever handle,
   * POSIX gives its lock on that file away; so one that is locked must not even be opened.
   */
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Path real;
  private final MvstoreSettings settings;
  private final Meters.Distribution commitDuration;
  private final MVStore tree;
  private final MVMap<byte[], byte[]> rows;
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
  private final Object writing = new Object();

  /** By name; guarded by {@link #writing}, as is the next number. */
  private final Map<String, TreeKeyspace> keyspaces = new TreeMap<>();

  private long nextNumber = TreeKeyspace.DIRECTORY + 1;

  /** Whether the tree has half a change; written under {@link #writing} and the gate. */
  private boolean torn;

  /** Those that are open. */
  private final Set<TreeSnapshot> snapshots = ConcurrentHashMap.newKeySet();

  /** What was changed since the last chunk, about; written under {@link #writing}. */
  private volatile long unwrittenBytes;

  private volatile RootReference<byte[], byte[]> visible;
  private boolean closed;

  private TreeStore(
      Path file, Path real, MVStore tree, MvstoreSettings settings, Meters meters) {
    this.file = file;
    this.real = real;
    this.tree = tree;
    this.settings = settings;
    this.commitDuration =
        meters.timer("store.commit.duration", "how long writing a chunk to disk takes");
    rows =
        tree.openMap(
            "rows",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(CheckedBytes.INSTANCE)
                .valueType(CheckedBytes.INSTANCE));
    visible = rows.flushAndGetRoot();
    readDirectory();
    meters.gauge("store.unwritten", "bytes", "changes not yet on disk", () -> unwrittenBytes);
  }

  /** Opens the store in {@code folder}, which is made if it is not there. */
  static TreeStore open(Path folder, MvstoreSettings settings, Meters meters) {
    Path file = folder.resolve(FILE);
    Path real;
    try {
      Files.createDirectories(folder);
      real = folder.toRealPath();
    } catch (IOException e) {
      throw new UnavailableException("store-failed", folder + " cannot be made: " + e, e);
    }
    if (!IN_USE.add(real)) {
      throw new UnavailableException(
          "store-locked", file + ": another part of this process has it open");
    }
    TreeStore store = null;
    try {
      store = open(file, real, settings, meters);
      return store;
    } finally {
      if (store == null) {
        IN_USE.remove(real);
      }
    }
  }

  private static TreeStore open(Path file, Path real, MvstoreSettings settings, Meters meters) {
    MVStore tree = null;
    try {
      tree = openTree(file, settings);
      return new TreeStore(file, real, tree, settings, meters);
    } catch (MVStoreException e) {
      if (tree != null) {
        tree.closeImmediately();
      }
      throw Failures.of("opening it", file, e);
    }
  }

  private static MVStore openTree(Path file, MvstoreSettings settings) {
    SteadyFiles.register();
    MVStore.Builder builder =
        new MVStore.Builder()
            .fileName(SteadyFiles.PREFIX + file.toAbsolutePath())
            .cacheSize(settings.cacheMebibytes())
            // Never in the middle of a batch.
            .autoCommitDisabled()
            .autoCommitBufferSize(0);
    switch (settings.compression()) {
      case "fast" -> builder.compress();
      case "high" -> builder.compressHigh();
      default -> {}
    }
    MVStore tree = builder.open();
    // Chunks are forced one by one, so what the last one does not need may be overwritten.
    tree.setRetentionTime(0);
    tree.setVersionsToKeep(0);
    return tree;
  }

  private void readDirectory() {
    byte[] first = TreeKeyspace.stored(TreeKeyspace.DIRECTORY, new byte[0]);
    byte[] last = TreeKeyspace.stored(TreeKeyspace.DIRECTORY + 1, new byte[0]);
    Cursor<byte[], byte[]> names = rows.cursor(visible, first, last, false);
    while (names.hasNext()) {
      byte[] key = names.next();
      if (ByteBuffer.wrap(key).getLong() != TreeKeyspace.DIRECTORY) {
        return;
      }
      String name = new String(key, Long.BYTES, key.length - Long.BYTES, StandardCharsets.UTF_8);
      long number = ByteBuffer.wrap(names.getValue()).getLong();
      keyspaces.put(name, new TreeKeyspace(this, name, number));
      nextNumber = Math.max(nextNumber, number + 1);
    }
  }

  @Override
  public Keyspace keyspace(String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > MAX_NAME_BYTES) {
      throw new InvalidRequestException(
          "invalid-keyspace",
          "a keyspace's name has 1 to " + MAX_NAME_BYTES + " bytes; this one has " + length);
    }
    requireOpen();
    synchronized (writing) {
      return keyspaces.computeIfAbsent(name, key -> new TreeKeyspace(this, key, nextNumber++));
    }
  }

  @Override
  public List<String> keyspaces() {
    requireOpen();
    synchronized (writing) {
      return List.copyOf(keyspaces.keySet());
    }
  }

  @Override
  public StoreBatch batch() {
    requireOpen();
    return new TreeBatch(this);
  }

  @Override
  public void write(StoreBatch batch) {
    if (!(batch instanceof TreeBatch own) || !own.belongsTo(this)) {
      throw new IllegalArgumentException("the batch was made by another store");
    }
    writing(
        "writing a batch",
        () -> {
          boolean chunkIsFull = unwrittenBytes + own.bytes() >= settings.writeBufferBytes();
          if (chunkIsFull) {
            requireRoom(unwrittenBytes + own.bytes());
          }
          Set<TreeKeyspace> used = own.keyspaces();
          List<TreeBatch.Change> changes = own.take();
          change(
              own.bytes(),
              () -> {
                used.forEach(this::register);
                changes.forEach(this::apply);
              });
          if (chunkIsFull) {
            commit();
          }
        });
  }

  private void register(TreeKeyspace keyspace) {
    rows.putIfAbsent(keyspace.directoryKey(), keyspace.directoryValue());
  }

  private void apply(TreeBatch.Change change) {
    if (change.value() != null) {
      rows.put(change.from(), change.value());
    } else if (change.to() == null) {
      rows.remove(change.from());
    } else {
      removeRange(change.from(), change.to());
    }
  }

  private void removeRange(byte[] from, byte[] to) {
    if (CheckedBytes.INSTANCE.compare(from, to) >= 0) {
      return;
    }
    // The cursor walks over the tree as it is now, whatever is removed meanwhile.
    Cursor<byte[], byte[]> doomed = rows.cursor(from, to, false);
    while (doomed.hasNext()) {
      byte[] key = doomed.next();
      if (CheckedBytes.INSTANCE.compare(key, to) < 0) {
        rows.remove(key);
      }
    }
  }

  @Override
  public void drop(Keyspace keyspace) {
    TreeKeyspace own = own(keyspace);
    writing(
        "dropping a keyspace",
        () -> {
          if (own.dropped()) {
            return;
          }
          own.markDropped();
          keyspaces.remove(own.name());
          change(
              0,
              () -> {
                rows.remove(own.directoryKey());
                removeRange(own.stored(new byte[0]), own.storedEnd(null));
              });
        });
  }

  /** Changes the tree, and shows readers what was changed when all of it is done. */
  private void change(long bytes, Runnable changes) {
    requireWhole();
    torn = true;
    changes.run();
    visible = rows.flushAndGetRoot();
    torn = false;
    unwrittenBytes += bytes;
  }

  /** After half a change nothing is changed or written any more: the half would come to light. */
  private void requireWhole() {
    if (torn) {
      throw new UnavailableException(
          "store-failed", file + ": an earlier change broke off; open the store again");
    }
  }

  private void commit() {
    requireWhole();
    long begin = System.nanoTime();
    // MVStore writes its header anew when it has to take this note back. Without that the way from
    // the header to the last chunk may lead over unused ones, which the next chunk may overwrite.
    tree.getStoreHeader().put("clean", 1);
    tree.commit();
    tree.sync();
    visible = rows.flushAndGetRoot();
    unwrittenBytes = 0;
    commitDuration.record(System.nanoTime() - begin);
  }

  private void requireRoom(long bytes) {
    try {
      long free = Files.getFileStore(file).getUsableSpace();
      if (free < 2 * bytes + RESERVED_BYTES) {
        throw new UnavailableException(
            "store-full", file + ": only " + free + " bytes are free; make room, it goes on then");
      }
    } catch (IOException e) {
      throw new UnavailableException("store-failed", file + ": " + e, e);
    }
  }

  @Override
  public StoreSnapshot snapshot() {
    return now();
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    try (TreeSnapshot now = now()) {
      return now.get(keyspace, key);
    }
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    try (TreeSnapshot now = now()) {
      return now.getAll(keyspace, keys);
    }
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    TreeKeyspace own = own(keyspace);
    return new TreeCursor(this, now(), own, range, true);
  }

  /** The state of this moment, kept until it is closed. */
  private TreeSnapshot now() {
    return reading(
        "making a snapshot",
        map -> {
          // First the promise, then the root: the other way round it could come too late.
          TxCounter usage = tree.registerVersionUsage();
          TreeSnapshot now = new TreeSnapshot(this, usage, visible);
          snapshots.add(now);
          return now;
        });
  }

  /** Takes the promise of {@link #now()} back. */
  void release(TreeSnapshot snapshot) {
    gate.readLock().lock();
    try {
      if (!closed && snapshots.remove(snapshot)) {
        tree.deregisterVersionUsage(snapshot.usage());
      }
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public void flush() {
    writing(
        "writing to disk",
        () -> {
          requireRoom(unwrittenBytes);
          commit();
        });
  }

  @Override
  public void checkpoint(Path folder) {
    Path parent = folder.toAbsolutePath().getParent();
    if (Files.exists(folder) || parent == null || !Files.isDirectory(parent)) {
      throw new InvalidRequestException(
          "invalid-checkpoint", folder + " must not exist, and its parent must");
    }
    // Under another name until it is complete: half a copy must never look like a store.
    Path unfinished = parent.resolve(folder.getFileName() + ".unfinished");
    try (TreeSnapshot now = now()) {
      Files.createDirectories(unfinished);
      Files.deleteIfExists(unfinished.resolve(FILE));
      copy(now, unfinished);
      Files.move(unfinished, folder);
    } catch (IOException e) {
      throw new UnavailableException("store-failed", "no copy could be made: " + e, e);
    }
  }

  private void copy(TreeSnapshot from, Path folder) {
    TreeStore copy = open(folder, settings, Meters.none());
    try {
      Cursor<byte[], byte[]> all =
          reading("copying", map -> map.cursor(from.root(), null, null, false));
      while (reading("copying", map -> all.hasNext())) {
        byte[] key = reading("copying", map -> all.next());
        copy.rows.append(key, all.getValue());
        copy.unwrittenBytes += key.length + all.getValue().length;
        if (copy.unwrittenBytes >= settings.writeBufferBytes()) {
          copy.commit();
        }
      }
    } finally {
      copy.close();
    }
  }

  @Override
  public long sizeBytes() {
    return reading("measuring", map -> tree.getFileStore().size());
  }

  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        end();
      }
    } catch (MVStoreException e) {
      throw Failures.of("closing it", file, e);
    } finally {
      gate.writeLock().unlock();
    }
  }

  private void end() {
    try {
      snapshots.forEach(snapshot -> tree.deregisterVersionUsage(snapshot.usage()));
      if (!torn) {
        commit();
      }
    } finally {
      leave();
    }
  }

  /**
   * Lets go of the file as a crash does. MVStore's orderly end would write half a change too, and
   * leave the note that all is in order. With that note, but an unused chunk overwritten, as a
   * crash may leave it, MVStore goes on from whatever older chunk it meets instead of the last one.
   */
  private void leave() {
    try {
      tree.closeImmediately();
    } finally {
      IN_USE.remove(real);
    }
  }

  TreeKeyspace own(Keyspace keyspace) {
    if (keyspace instanceof TreeKeyspace own && own.belongsTo(this)) {
      return own;
    }
    throw new IllegalArgumentException(
        "keyspace " + keyspace.name() + " was made by another store");
  }

  void requireOpen() {
    reading("looking at it", map -> map);
  }

  /** Does something with the tree while it stays open. */
  <T> T reading(String tried, Function<MVMap<byte[], byte[]>, T> read) {
    gate.readLock().lock();
    try {
      if (closed) {
        throw Failures.closed();
      }
      return read.apply(rows);
    } catch (MVStoreException e) {
      throw Failures.of(tried, file, e);
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Changes the tree; one at a time. */
  private void writing(String tried, Runnable write) {
    reading(
        tried,
        map -> {
          synchronized (writing) {
            write.run();
          }
          return map;
        });
  }
}
