package io.millrace.log.store;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.tck.Patience;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store that fails, or holds flushes, when it is told to. */
record FlakyStore(Store store, Provider control) implements Store {
  /** Makes them, and tells all of them what to do. */
  static final class Provider implements StoreProvider {
    private final StoreProvider inner;
    private @Nullable RuntimeException writeFailure;
    private @Nullable RuntimeException flushFailure;
    private boolean holding;
    private boolean held;
    private int flushes;

    Provider(StoreProvider inner) {
      this.inner = inner;
    }

    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public Map<String, String> logSettings() {
      return inner.logSettings();
    }

    @Override
    public int spiVersion() {
      return inner.spiVersion();
    }

    @Override
    public int formatVersion() {
      return inner.formatVersion();
    }

    @Override
    public List<Setting<?>> settings() {
      return inner.settings();
    }

    @Override
    public Store open(Settings settings, ModuleContext context) {
      return new FlakyStore(inner.open(settings, context), this);
    }

    synchronized void failWrites(RuntimeException failure) {
      writeFailure = failure;
    }

    synchronized void failFlushes(RuntimeException failure) {
      flushFailure = failure;
    }

    synchronized void holdFlushes() {
      holding = true;
    }

    /** Nothing reaches the store from now on. */
    synchronized void freeze() {
      failWrites(new UnavailableException("frozen", "frozen"));
      failFlushes(new UnavailableException("frozen", "frozen"));
    }

    synchronized void mend() {
      writeFailure = null;
      flushFailure = null;
      holding = false;
      notifyAll();
    }

    synchronized int flushes() {
      return flushes;
    }

    synchronized void awaitHeldFlush() throws InterruptedException {
      while (!held) {
        wait(Patience.millis());
      }
    }

    synchronized void awaitFlushes(int count) throws InterruptedException {
      while (flushes < count) {
        wait(Patience.millis());
      }
    }

    private synchronized void write(Store store, StoreBatch batch) {
      if (writeFailure != null) {
        throw writeFailure;
      }
      store.write(batch);
    }

    private synchronized void flush(Store store) {
      held = holding;
      while (holding) {
        notifyAll();
        try {
          wait();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      if (flushFailure != null) {
        throw flushFailure;
      }
      store.flush();
      flushes++;
      notifyAll();
    }
  }

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
    return store.batch();
  }

  @Override
  public void write(StoreBatch batch) {
    control.write(store, batch);
  }

  @Override
  public StoreSnapshot snapshot() {
    return store.snapshot();
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
  public void drop(Keyspace keyspace) {
    store.drop(keyspace);
  }

  @Override
  public void flush() {
    control.flush(store);
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
  public void close() {
    store.close();
  }
}
