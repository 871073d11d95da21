package io.millrace.sync;

import static io.millrace.sync.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Body;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.api.sync.SyncServer;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients whose store fails at each write in turn, and who are opened again, lose nothing and end
 * equal to the server; so do many clients that write and sync in a random order.
 */
@ExtendWith(NothingLeftBehind.class)
class SyncCrashTest {
  @TempDir Path folder;

  /** A store that refuses to be written to after some writes, as one that crashed. */
  private static final class FailingStore implements Store {
    private final Store store;
    private int writesLeft;

    FailingStore(Store store, int writesLeft) {
      this.store = store;
      this.writesLeft = writesLeft;
    }

    @Override
    public void write(StoreBatch batch) {
      if (writesLeft-- <= 0) {
        throw new UnavailableException("crashed", "the store crashed");
      }
      store.write(batch);
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
    public void checkpoint(Path to) {
      store.checkpoint(to);
    }

    @Override
    public long sizeBytes() {
      return store.sizeBytes();
    }

    @Override
    public void close() {}

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
  }

  private static SyncedDocuments open(Store store, String name, SyncMode mode) {
    return SyncedDocuments.over(store).name(name).mode(mode).open();
  }

  @Test
  void aSyncThatBreaksOffAnywhereIsMadeGoodByTheNext() {
    boolean crashed = true;
    int writes = 0;
    for (; crashed; writes++) {
      try (Store store = Stores.open("memory", folder)) {
        SyncedDocuments server = open(store, "server", SyncMode.SERVER);
        for (int i = 0; i < 5; i++) {
          server.put("s" + i, text("s"));
        }
        SyncedDocuments before = open(store, "client", SyncMode.CLIENT);
        for (int i = 0; i < 5; i++) {
          before.put("c" + i, text("c"));
        }
        before.put("s1", text("c"));
        before.put("s9", text("c"));
        SyncedDocuments crashing = open(new FailingStore(store, writes), "client", SyncMode.CLIENT);
        try {
          crashed = false;
          Synchronization.of(crashing, server).pageSize(2).run();
        } catch (UnavailableException e) {
          crashed = true;
        }
        SyncedDocuments again = open(store, "client", SyncMode.CLIENT);
        again.put("c0", text("later"));
        Synchronization.of(again, server).pageSize(2).run();
        assertThat(again.query()).isEqualTo(server.query()).hasSize(11);
        assertThat(server.get("s1")).contains(text("s"));
        assertThat(server.get("c0")).as("after %s writes", writes).contains(text("later"));
        assertThat(again.dirty()).isEmpty();
      }
    }
    assertThat(writes).as("writes of a whole sync").isGreaterThan(10);
  }

  @Test
  void clientsThatWriteAndSyncInAnyOrderEndEqual() {
    long seed = Long.getLong("millrace.test.seed", 20_261_120L);
    System.getLogger("test").log(System.Logger.Level.DEBUG, "millrace.test.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      try (Store store = Stores.open("memory", folder)) {
        comeTogether(store, random, "seed " + seed + ", round " + round);
      }
    }
  }

  private static void comeTogether(Store store, Random random, String what) {
    SyncedDocuments server = open(store, "server", SyncMode.SERVER);
    List<SyncedDocuments> clients =
        List.of(
            open(store, "one", SyncMode.CLIENT),
            open(store, "two", SyncMode.CLIENT),
            open(store, "three", SyncMode.CLIENT));
    Map<String, Body> model = new TreeMap<>();
    for (int step = 0; step < 60; step++) {
      SyncedDocuments client = clients.get(random.nextInt(clients.size()));
      SyncedDocuments writer = random.nextInt(4) == 0 ? server : client;
      String id = "d" + random.nextInt(12);
      switch (random.nextInt(5)) {
        case 0 -> writer.del(id);
        case 1, 2 -> writer.put(id, text("v" + step));
        case 3 -> Synchronization.of(client, server).pageSize(1 + random.nextInt(5)).run();
        default -> client.apply(server.changes(client.cid(), 3));
      }
    }
    for (int twice = 0; twice < 2; twice++) {
      clients.forEach(client -> Synchronization.of(client, server).pageSize(4).run());
    }
    for (SyncedDocuments client : clients) {
      assertThat(client.query()).as(what).isEqualTo(server.query());
      assertThat(client.cid()).as(what).isEqualTo(server.cid());
      assertThat(client.dirty()).as(what).isEmpty();
    }
    server.query().forEach(found -> model.put(found.id(), found.body()));
    SyncedDocuments fresh = open(store, "fresh", SyncMode.CLIENT);
    assertThat(fresh.cid()).isEqualTo(SyncServer.START);
    Synchronization.of(fresh, server).run();
    Map<String, Body> seen = new TreeMap<>();
    fresh.query().forEach(found -> seen.put(found.id(), found.body()));
    assertThat(seen).as(what).isEqualTo(model);
  }
}
