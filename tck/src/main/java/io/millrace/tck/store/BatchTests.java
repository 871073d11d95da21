package io.millrace.tck.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.tck.Seed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Changes made together. */
abstract class BatchTests extends StoreGroup {
  private static final int ATOMIC_ROUNDS = 2_000;

  BatchTests(StoreTck tck) {
    super(tck);
  }

  @Test
  void laterChangeOfAKeyOverridesTheEarlier() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    write(
        store,
        batch -> {
          batch.put(rows, utf8("a"), utf8("1"));
          batch.put(rows, utf8("a"), utf8("2"));
          batch.put(rows, utf8("b"), utf8("1"));
          batch.delete(rows, utf8("b"));
          batch.delete(rows, utf8("c"));
          batch.put(rows, utf8("c"), utf8("1"));
        });
    assertThat(StoreModel.drain(store.range(rows, KeyRange.all())))
        .containsExactly("61=32", "63=31");
  }

  @Test
  void deleteRangeTakesWhatCameBeforeItAndLeavesWhatComesAfter() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("a"), utf8("old"));
    put(store, rows, utf8("b"), utf8("old"));
    put(store, rows, utf8("d"), utf8("old"));
    write(
        store,
        batch -> {
          batch.put(rows, utf8("c"), utf8("early"));
          batch.deleteRange(rows, utf8("b"), utf8("d"));
          batch.put(rows, utf8("b"), utf8("late"));
        });
    assertThat(store.get(rows, utf8("a"))).isEqualTo(utf8("old"));
    assertThat(store.get(rows, utf8("b"))).isEqualTo(utf8("late"));
    assertThat(store.get(rows, utf8("c"))).isNull();
    assertThat(store.get(rows, utf8("d"))).isEqualTo(utf8("old"));
  }

  /** Of the size that a rollback of many documents has; a store may treat these otherwise. */
  @Test
  void batchOfManyMebibytesIsWrittenAsOne() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    Keyspace others = store.keyspace("others");
    put(store, others, utf8("old"), utf8("v"));
    int many = 18_000;
    try (StoreBatch abandoned = store.batch()) {
      fill(abandoned, rows, many);
    }
    assertThat(StoreModel.drain(store.range(rows, KeyRange.all()))).isEmpty();
    write(
        store,
        batch -> {
          fill(batch, rows, many);
          batch.delete(others, utf8("old"));
          batch.put(others, utf8("new"), utf8("v"));
          batch.deleteRange(rows, utf8("k00000000"), utf8("k00017999"));
          batch.put(rows, utf8("k00000005"), utf8("late"));
          batch.delete(rows, utf8("k00017999"));
          batch.put(rows, utf8("k00017999"), utf8("later"));
        });
    assertThat(store.get(others, utf8("old"))).isNull();
    assertThat(store.get(others, utf8("new"))).isEqualTo(utf8("v"));
    assertThat(StoreModel.drain(store.range(rows, KeyRange.all()))).hasSize(2);
    assertThat(store.get(rows, utf8("k00000005"))).isEqualTo(utf8("late"));
    assertThat(store.get(rows, utf8("k00017999"))).isEqualTo(utf8("later"));
  }

  private static void fill(StoreBatch batch, Keyspace rows, int many) {
    byte[] value = new byte[1_000];
    for (int i = 0; i < many; i++) {
      batch.put(rows, utf8(String.format("k%08d", i)), value);
    }
  }

  @Test
  void deleteRangeWithoutEndStaysWithinItsKeyspace() {
    Store store = open();
    Keyspace first = store.keyspace("first");
    Keyspace second = store.keyspace("second");
    write(
        store,
        batch -> {
          for (Keyspace keyspace : List.of(first, second)) {
            batch.put(keyspace, bytes(), utf8("v"));
            batch.put(keyspace, bytes(5), utf8("v"));
            batch.put(keyspace, bytes(0xff, 0xff, 0xff), utf8("v"));
          }
        });
    write(store, batch -> batch.deleteRange(first, bytes(5), null));
    assertThat(StoreModel.drain(store.range(first, KeyRange.all()))).containsExactly("=76");
    assertThat(StoreModel.drain(store.range(second, KeyRange.all()))).hasSize(3);
  }

  @Test
  void deleteRangeThatHoldsNothingDoesNothing() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("b"), utf8("v"));
    write(
        store,
        batch -> {
          batch.put(rows, utf8("a"), utf8("v"));
          batch.deleteRange(rows, utf8("c"), utf8("a"));
          batch.deleteRange(rows, utf8("b"), utf8("b"));
          batch.put(rows, utf8("c"), utf8("v"));
        });
    assertThat(StoreModel.drain(store.range(rows, KeyRange.all()))).hasSize(3);
  }

  @Test
  void deleteRangesAgreeWithTheModel() {
    Seed seed = Seed.next();
    Random random = seed.random();
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    StoreModel model = new StoreModel();
    for (int round = 0; round < 60; round++) {
      try (StoreBatch batch = store.batch()) {
        for (int i = 0; i < 10; i++) {
          byte[] key = bytes(random.nextInt(256));
          if (random.nextInt(8) == 0) {
            byte[] to = random.nextInt(10) == 0 ? null : bytes(random.nextInt(256));
            batch.deleteRange(rows, key, to);
            model.deleteRange("rows", key, to);
          } else {
            batch.put(rows, key, bytes(round));
            model.put("rows", key, bytes(round));
          }
        }
        store.write(batch);
      }
      if (random.nextInt(10) == 0) {
        store.flush();
      }
      assertThat(StoreModel.drain(store.range(rows, KeyRange.all())))
          .as("round %d with %s", round, seed)
          .isEqualTo(model.rows("rows", KeyRange.all()));
    }
  }

  @Test
  void sizeCountsTheChanges() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    try (StoreBatch batch = store.batch()) {
      assertThat(batch.size()).isZero();
      batch.put(rows, utf8("a"), utf8("1"));
      batch.put(rows, utf8("a"), utf8("2"));
      batch.delete(rows, utf8("b"));
      batch.deleteRange(rows, utf8("c"), null);
      assertThat(batch.size()).isEqualTo(4);
    }
  }

  @Test
  void emptyBatchChangesNothing() {
    Store store = open();
    write(store, batch -> {});
    assertThat(StoreModel.of(store).size()).isZero();
  }

  @Test
  void batchThatWasClosedUnwrittenChangesNothing() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    try (StoreBatch batch = store.batch()) {
      batch.put(rows, utf8("a"), utf8("1"));
    }
    assertThat(store.get(rows, utf8("a"))).isNull();
  }

  @Test
  void noReaderEverSeesHalfABatch() throws Exception {
    Store store = open();
    List<Keyspace> keyspaces =
        List.of(store.keyspace("x"), store.keyspace("y"), store.keyspace("z"));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      Future<?> bySnapshot = readers.submit(() -> compareInSnapshots(store, keyspaces, done));
      Future<?> byGetAll = readers.submit(() -> compareInOneCall(store, keyspaces.get(0), done));
      for (int round = 0; round < ATOMIC_ROUNDS; round++) {
        byte[] value = Integer.toString(round).getBytes(StandardCharsets.UTF_8);
        write(
            store,
            batch ->
                keyspaces.forEach(
                    keyspace -> {
                      batch.put(keyspace, utf8("first"), value);
                      batch.put(keyspace, utf8("last"), value);
                    }));
      }
      done.set(true);
      await(bySnapshot);
      await(byGetAll);
    } finally {
      done.set(true);
      readers.shutdown();
      assertThat(readers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void compareInSnapshots(
      Store store, List<Keyspace> keyspaces, AtomicBoolean done) {
    do {
      try (StoreSnapshot snapshot = store.snapshot()) {
        byte[] expected = snapshot.get(keyspaces.get(0), utf8("first"));
        for (Keyspace keyspace : keyspaces) {
          assertThat(snapshot.get(keyspace, utf8("first"))).isEqualTo(expected);
          assertThat(snapshot.get(keyspace, utf8("last"))).isEqualTo(expected);
        }
      }
    } while (!done.get());
  }

  private static void compareInOneCall(Store store, Keyspace keyspace, AtomicBoolean done) {
    do {
      List<byte[]> values = store.getAll(keyspace, List.of(utf8("first"), utf8("last")));
      assertThat(values.get(0)).isEqualTo(values.get(1));
    } while (!done.get());
  }

  private static void await(Future<?> reader)
      throws InterruptedException, TimeoutException, ExecutionException {
    reader.get(30, TimeUnit.SECONDS);
  }
}
