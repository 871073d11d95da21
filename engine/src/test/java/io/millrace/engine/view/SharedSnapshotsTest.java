package io.millrace.engine.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.backend.memory.MemoryStoreProvider;
import io.millrace.engine.view.SharedSnapshots.Shared;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.SettableSequence;
import io.millrace.spi.Settings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedSnapshotsTest {
  private static final byte[] KEY = {1};
  private static final Object BUILD = "build";

  @TempDir Path folder;
  private final SettableSequence since = new SettableSequence("the database", 0);
  private final List<Runnable> later = new CopyOnWriteArrayList<>();
  private CountingStore store;
  private Keyspace keyspace;
  private SharedSnapshots snapshots;
  private Object checkpoint = new Object();

  @BeforeEach
  void open() {
    ModuleContext context =
        new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none());
    store =
        new CountingStore(new MemoryStoreProvider().open(Settings.defaults(List.of()), context));
    keyspace = store.keyspace("rows");
    snapshots = new SharedSnapshots(store::snapshot, since, (delay, unit, work) -> later.add(work));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void write(long value) {
    try (StoreBatch batch = store.batch()) {
      batch.put(keyspace, KEY, ByteBuffer.allocate(8).putLong(value).array());
      store.write(batch);
    }
  }

  private long read(Shared shared) {
    byte[] value = shared.reader().get(keyspace, KEY);
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }

  private Shared use() {
    return snapshots.use(BUILD, checkpoint);
  }

  private void passTime() {
    List<Runnable> due = List.copyOf(later);
    later.removeAll(due);
    due.forEach(Runnable::run);
  }

  @Test
  void readsShareASnapshotWhileNothingIsWritten() {
    Shared first = use();
    first.release();
    for (int i = 0; i < 100; i++) {
      Shared again = use();
      assertThat(again).isSameAs(first);
      again.release();
    }
    assertThat(store.made()).hasValue(1);
    assertThat(later).as("timers").hasSize(1);
  }

  @Test
  void aNewCheckpointIsRead() {
    use().release();
    write(1);
    checkpoint = new Object();
    Shared after = use();
    assertThat(read(after)).isEqualTo(1);
    after.release();
    assertThat(store.open()).hasValue(1);
  }

  @Test
  void anAcknowledgedWriteIsReadWhereTheBuildDidNotMove() {
    use().release();
    write(1);
    since.advance(1);
    Shared after = use();
    assertThat(read(after)).isEqualTo(1);
    after.release();
    assertThat(store.open()).hasValue(1);
  }

  @Test
  void buildsDoNotShare() {
    Shared one = use();
    Shared other = snapshots.use("another build", checkpoint);
    assertThat(other).isNotSameAs(one);
    one.release();
    other.release();
  }

  @Test
  void aReadKeepsItsSnapshotUntilItEnds() {
    write(1);
    Shared reading = use();
    write(2);
    checkpoint = new Object();
    Shared next = use();
    passTime();
    snapshots.close();
    assertThat(read(reading)).isEqualTo(1);
    assertThat(read(next)).isEqualTo(2);
    reading.release();
    next.release();
    assertThat(store.open()).hasValue(0);
    assertThatThrownBy(() -> read(reading)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void nothingIsKeptWhenTimeIsOver() {
    use().release();
    assertThat(store.open()).hasValue(1);
    passTime();
    assertThat(store.open()).hasValue(0);
    use().release();
    assertThat(store.made()).hasValue(2);
    passTime();
    assertThat(store.open()).hasValue(0);
  }

  @Test
  void whatIsUsedAfterClosingIsNotKept() {
    use().release();
    snapshots.close();
    assertThat(store.open()).hasValue(0);
    Shared late = use();
    assertThat(read(late)).isZero();
    late.release();
    assertThat(store.open()).hasValue(0);
  }

  @Test
  void aClosedStoreIsAnError() {
    Shared reading = use();
    store.close();
    assertThatThrownBy(() -> read(reading)).isInstanceOf(UnavailableException.class);
    reading.release();
    checkpoint = new Object();
    assertThatThrownBy(this::use).isInstanceOf(UnavailableException.class);
  }

  @Test
  void manyReadersSeeEveryStateThatWasPublishedBefore() {
    record State(long value, Object checkpoint) {}

    AtomicBoolean done = new AtomicBoolean();
    State[] published = {new State(0, new Object())};
    Object lock = new Object();
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  State present;
                  synchronized (lock) {
                    present = published[0];
                  }
                  Shared shared = snapshots.use(BUILD, present.checkpoint());
                  try {
                    assertThat(read(shared)).isGreaterThanOrEqualTo(present.value());
                  } finally {
                    shared.release();
                  }
                }
              }));
    }
    for (long value = 1; value <= 20_000; value++) {
      write(value);
      synchronized (lock) {
        published[0] = new State(value, new Object());
      }
      if (value % 50 == 0) {
        passTime();
      }
    }
    done.set(true);
    readers.forEach(reader -> reader.orTimeout(30, TimeUnit.SECONDS).join());
    snapshots.close();
    assertThat(store.open()).hasValue(0);
  }

  @Test
  void nobodyIsGivenASnapshotThatIsBeingClosed() {
    write(7);
    AtomicBoolean done = new AtomicBoolean();
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  Shared shared = use();
                  assertThat(read(shared)).isEqualTo(7);
                  shared.release();
                }
              }));
    }
    while (store.made().get() < 20_000 && readers.stream().noneMatch(CompletableFuture::isDone)) {
      passTime();
    }
    done.set(true);
    readers.forEach(reader -> reader.orTimeout(30, TimeUnit.SECONDS).join());
    passTime();
    assertThat(store.open()).hasValue(0);
  }
}
