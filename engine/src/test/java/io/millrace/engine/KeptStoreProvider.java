package io.millrace.engine;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.backend.memory.MemoryStoreProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.StoreProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stores in memory that outlive their closing, one for each folder, and fail when told to. */
public final class KeptStoreProvider implements StoreProvider {
  private static final Map<Path, Shelf> SHELVES = new ConcurrentHashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public KeptStoreProvider() {}

  /** One folder's store, and its faults. */
  static final class Shelf {
    final AtomicInteger refused = new AtomicInteger();

    /** How many batches were made, and how many were written. */
    final AtomicInteger batches = new AtomicInteger();

    final AtomicInteger writes = new AtomicInteger();
    volatile boolean refusesWrites;

    /** What a write waits for; null for nothing. */
    volatile @Nullable CompletableFuture<Void> gate;

    private @Nullable Store store;

    /** The keyspaces that hold the rows of views. */
    synchronized List<String> viewRows() {
      Store present = store;
      return present == null
          ? List.of()
          : present.keyspaces().stream().filter(name -> name.startsWith("view-")).toList();
    }

    /** The store itself, once it was opened. */
    synchronized Store present() {
      return Objects.requireNonNull(store);
    }

    synchronized Store store(ModuleContext context) {
      Store present = store;
      if (present == null) {
        present = new MemoryStoreProvider().open(Settings.defaults(List.of()), context);
        store = present;
      }
      return present;
    }
  }

  /** The store of the database in {@code database}. */
  static Shelf shelf(Path database) {
    return SHELVES.computeIfAbsent(
        database.toAbsolutePath().normalize().resolve("store"), path -> new Shelf());
  }

  @Override
  public String name() {
    return "kept";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return 0;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of();
  }

  @Override
  public Store open(Settings settings, ModuleContext context) {
    Shelf shelf = SHELVES.computeIfAbsent(context.folder(), path -> new Shelf());
    return new KeptStore(shelf, shelf.store(context));
  }

  /** Passes everything on but the closing and the writes that must fail. */
  private record KeptStore(Shelf shelf, Store store) implements Store {
    @Override
    public Keyspace keyspace(String name) {
      return store.keyspace(name);
    }

    @Override
    public List<String> keyspaces() {
      return store.keyspaces();
    }

    @Override
    public StoreBatch batch() {
      shelf.batches.incrementAndGet();
      return store.batch();
    }

    @Override
    public void write(StoreBatch batch) {
      CompletableFuture<Void> gate = shelf.gate;
      if (gate != null) {
        gate.join();
      }
      if (shelf.refusesWrites) {
        shelf.refused.incrementAndGet();
        throw new UnavailableException("store-failed", "no room, as the test wishes");
      }
      store.write(batch);
      shelf.writes.incrementAndGet();
    }

    @Override
    public StoreSnapshot snapshot() {
      return store.snapshot();
    }

    @Override
    public void drop(Keyspace keyspace) {
      store.drop(keyspace);
    }

    @Override
    public void flush() {
      store.flush();
    }

    @Override
    public void checkpoint(Path folder) {
      store.checkpoint(folder);
    }

    @Override
    public long sizeBytes() {
      return store.sizeBytes();
    }

    @Override
    public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
      return store.get(keyspace, key);
    }

    @Override
    public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
      return store.getAll(keyspace, keys);
    }

    @Override
    public StoreCursor range(Keyspace keyspace, KeyRange range) {
      return store.range(keyspace, range);
    }

    @Override
    public void close() {}
  }
}
