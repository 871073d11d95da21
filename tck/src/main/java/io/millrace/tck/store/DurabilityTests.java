package io.millrace.tck.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is there when a store is opened again, after a good end and after a bad one. */
abstract class DurabilityTests extends StoreGroup {
  private static final int STEPS = 1_500;

  DurabilityTests(StoreTck tck) {
    super(tck);
  }

  @Test
  void closedStoreHasEverythingWhenOpenedAgain() {
    Store store = open();
    workload(300).run(store, () -> {});
    StoreModel before = StoreModel.of(store);
    store.close();
    Store again = open();
    if (fixture().survivesClose()) {
      assertThat(StoreModel.of(again).sameRows(before)).isTrue();
      assertThat(before.size()).isPositive();
    } else {
      assertThat(again.keyspaces()).isEmpty();
    }
  }

  @Test
  void openedAgainAndAgainItGoesOn() {
    for (int life = 0; life < 4; life++) {
      Store store = open();
      Keyspace rows = store.keyspace("rows");
      if (life > 0 && fixture().survivesClose()) {
        assertThat(store.get(rows, bytes(life - 1))).isEqualTo(bytes(life));
      }
      put(store, rows, bytes(life), bytes(life + 1));
      store.drop(store.keyspace("dropped"));
      put(store, store.keyspace("dropped"), bytes(life), bytes());
      assertThat(store.keyspaces()).containsExactly("dropped", "rows");
      store.close();
    }
  }

  @Test
  void afterACrashAPrefixOfTheBatchesIsThere() {
    Seed seed = Seed.next();
    for (int round = 0; round < 2; round++) {
      assertPrefixSurvives(new Seed(seed.value() + round), 400);
      // The next round goes on with the same store, so it begins with nothing.
      try (Store store = fixture().open()) {
        store.keyspaces().forEach(name -> store.drop(store.keyspace(name)));
      }
    }
  }

  @Test
  void afterACrashWithoutAnyFlushAPrefixOfTheBatchesIsThere() {
    assertPrefixSurvives(Seed.next(), Integer.MAX_VALUE);
  }

  private void assertPrefixSurvives(Seed seed, int stepsPerFlush) {
    Path notes = work().resolve("notes-" + seed.value());
    StoreWorkload workload = new StoreWorkload(seed.value(), STEPS, stepsPerFlush, notes);
    fixture().crash(workload);
    try (Store store = fixture().open()) {
      StoreModel survivors = StoreModel.of(store);
      if (!fixture().survivesCrash()) {
        assertThat(survivors.size()).isZero();
        return;
      }
      List<Integer> steps = workload.stepsThatLeadTo(survivors);
      assertThat(steps).as("the survivors are a prefix of the batches, with %s", seed).isNotEmpty();
      assertThat(steps.get(steps.size() - 1))
          .as("what was flushed is there, with %s", seed)
          .isGreaterThanOrEqualTo(workload.flushedSteps());
    }
  }

  @Test
  void checkpointOpensAsAnEqualStore() {
    Path folder = work().resolve("checkpoint");
    Store store = open();
    workload(300).run(store, () -> {});
    if (!fixture().supportsCheckpoints()) {
      assertThatThrownBy(() -> store.checkpoint(folder)).isInstanceOf(UnsupportedException.class);
      assertThat(folder).doesNotExist();
      return;
    }
    StoreModel before = StoreModel.of(store);
    store.checkpoint(folder);
    put(store, store.keyspace("later"), utf8("k"), utf8("v"));
    Store copy = closedLater(fixture().openCheckpoint(folder));
    assertThat(StoreModel.of(copy).sameRows(before)).isTrue();
    put(copy, copy.keyspace("copy"), utf8("k"), utf8("v"));
    assertThat(store.keyspaces()).contains("later").doesNotContain("copy");
  }

  @Test
  void checkpointIntoWhatIsThereOrNowhereIsRefused() throws IOException {
    Store store = open();
    Path existing = Files.createDirectory(work().resolve("existing"));
    Path nowhere = work().resolve("absent").resolve("checkpoint");
    Class<? extends Throwable> refusal =
        fixture().supportsCheckpoints()
            ? InvalidRequestException.class
            : UnsupportedException.class;
    assertThatThrownBy(() -> store.checkpoint(existing)).isInstanceOf(refusal);
    assertThatThrownBy(() -> store.checkpoint(nowhere)).isInstanceOf(refusal);
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void sizeGrowsWithTheRows() {
    Store store = open();
    store.flush();
    long empty = store.sizeBytes();
    byte[] value = new byte[200_000];
    new Random(1).nextBytes(value);
    put(store, store.keyspace("rows"), utf8("k"), value);
    store.flush();
    assertThat(store.sizeBytes()).isGreaterThanOrEqualTo(empty + value.length / 2);
  }

  private StoreWorkload workload(int steps) {
    return new StoreWorkload(Seed.next().value(), steps, 50, work().resolve("notes"));
  }
}
