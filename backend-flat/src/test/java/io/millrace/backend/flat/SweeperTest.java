package io.millrace.backend.flat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.spi.Meters;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Patience;
import io.millrace.tck.TemporaryFolder;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rows of dropped keyspaces go, and cannot be seen until they have gone. */
@ExtendWith(NothingLeftBehind.class)
final class SweeperTest {
  private static final int ROWS = 5_500;

  /** The registry's header, and the row of the keyspace that is kept, with its own row. */
  private static final int KEPT = 3;

  private final TemporaryFolder work = TemporaryFolder.create();
  private final MapEngine engine = new MapEngine();

  @AfterEach
  void removeFolder() {
    work.close();
  }

  @Test
  void rowsOfADroppedKeyspaceAreRemoved() {
    try (Store store = open()) {
      fill(store, "kept", 1);
      fill(store, "dropped", ROWS);
      store.drop(store.keyspace("dropped"));
      assertThat(store.keyspaces()).containsExactly("kept");
      awaitSize(KEPT);
    }
  }

  @Test
  void dropThatACrashInterruptedIsFinishedByTheNextLife() {
    int id;
    try (Store store = open()) {
      fill(store, "kept", 1);
      fill(store, "dropped", ROWS);
      id = ((FlatKeyspace) store.keyspace("dropped")).id();
    }
    byte[] name = ByteBuffer.allocate(11).putInt(0).put("dropped".getBytes(UTF_8)).array();
    engine.write(
        List.of(
            FlatChange.removal(name), new FlatChange(KeyspaceRegistry.dropMark(id), new byte[0])));
    assertThat(engine.size()).isGreaterThan(ROWS);
    try (Store store = open()) {
      Keyspace again = store.keyspace("dropped");
      try (StoreCursor rows = store.range(again, KeyRange.all())) {
        assertThat(rows.advance()).isFalse();
      }
      awaitSize(KEPT + 1);
    }
  }

  @Test
  void snapshotOfBeforeSeesAllAndOneOfAfterNothing() {
    try (Store store = open()) {
      fill(store, "dropped", ROWS);
      Keyspace dropped = store.keyspace("dropped");
      try (StoreSnapshot before = store.snapshot()) {
        store.drop(dropped);
        try (StoreSnapshot after = store.snapshot()) {
          assertThat(count(before.range(dropped, KeyRange.all()))).isEqualTo(ROWS);
          assertThat(count(after.range(dropped, KeyRange.all()))).isZero();
          awaitSize(1);
          assertThat(count(before.range(dropped, KeyRange.all()))).isEqualTo(ROWS);
        }
      }
    }
  }

  private Store open() {
    return FlatStore.open(folder -> engine, work.path(), "map", 1, Meters.none());
  }

  private static void fill(Store store, String name, int count) {
    try (StoreBatch batch = store.batch()) {
      for (int i = 0; i < count; i++) {
        batch.put(store.keyspace(name), ByteBuffer.allocate(4).putInt(i).array(), new byte[1]);
      }
      store.write(batch);
    }
  }

  private static int count(StoreCursor rows) {
    try (rows) {
      int count = 0;
      while (rows.advance()) {
        count++;
      }
      return count;
    }
  }

  private void awaitSize(int size) {
    long deadline = System.nanoTime() + Patience.millis() * 1_000_000;
    while (engine.size() != size && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(engine.size()).isEqualTo(size);
  }
}
