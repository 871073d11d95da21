package io.millrace.tck.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What was begun sees nothing of what comes later. */
abstract class IsolationTests extends StoreGroup {
  private static final int MANY = 100_000;
  private static final int ROUNDS = 200;

  IsolationTests(StoreTck tck) {
    super(tck);
  }

  @Test
  void snapshotStaysAsItWas() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("changed"), utf8("old"));
    put(store, rows, utf8("deleted"), utf8("old"));
    put(store, rows, utf8("in-range"), utf8("old"));
    try (StoreSnapshot snapshot = store.snapshot()) {
      StoreModel before = StoreModel.of(store, snapshot, List.of("rows"));
      write(
          store,
          batch -> {
            batch.put(rows, utf8("changed"), utf8("new"));
            batch.put(rows, utf8("added"), utf8("new"));
            batch.delete(rows, utf8("deleted"));
            batch.deleteRange(rows, utf8("in"), utf8("io"));
          });
      store.flush();
      assertThat(snapshot.get(rows, utf8("changed"))).isEqualTo(utf8("old"));
      assertThat(snapshot.get(rows, utf8("added"))).isNull();
      List<byte[]> values = snapshot.getAll(rows, List.of(utf8("deleted"), utf8("in-range")));
      assertThat(values.get(0)).isEqualTo(utf8("old"));
      assertThat(values.get(1)).isEqualTo(utf8("old"));
      assertThat(StoreModel.of(store, snapshot, List.of("rows")).sameRows(before)).isTrue();
    }
    assertThat(store.get(rows, utf8("changed"))).isEqualTo(utf8("new"));
    assertThat(store.get(rows, utf8("in-range"))).isNull();
  }

  @Test
  void snapshotsOfSeveralMomentsAreApart() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("1"));
    try (StoreSnapshot first = store.snapshot()) {
      put(store, rows, utf8("k"), utf8("2"));
      try (StoreSnapshot second = store.snapshot()) {
        put(store, rows, utf8("k"), utf8("3"));
        assertThat(second.get(rows, utf8("k"))).isEqualTo(utf8("2"));
      }
      assertThat(first.get(rows, utf8("k"))).isEqualTo(utf8("1"));
    }
  }

  @Test
  void snapshotIsReadBackwardsAsForwardsWhateverCameLater() {
    Seed seed = Seed.next();
    Random random = seed.random();
    Store store = open();
    for (int round = 0; round < ROUNDS; round++) {
      Keyspace rows = store.keyspace("round-" + round);
      changeSome(store, rows, random);
      try (StoreSnapshot snapshot = store.snapshot()) {
        List<String> before = StoreModel.drain(snapshot.range(rows, KeyRange.all()));
        changeSome(store, rows, random);
        List<String> after =
            new ArrayList<>(StoreModel.drain(snapshot.range(rows, KeyRange.all().reversed(true))));
        Collections.reverse(after);
        assertThat(after).as("%s, round %s", seed, round).isEqualTo(before);
      }
    }
  }

  /** Single changes of few keys, some of which are not there. */
  private static void changeSome(Store store, Keyspace rows, Random random) {
    for (int changes = random.nextInt(5); changes >= 0; changes--) {
      byte[] key = {(byte) random.nextInt(6)};
      boolean puts = random.nextBoolean();
      write(
          store,
          batch -> {
            if (puts) {
              batch.put(rows, key, utf8("value"));
            } else {
              batch.delete(rows, key);
            }
          });
    }
  }

  @Test
  void closedSnapshotRefusesReads() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    StoreSnapshot snapshot = store.snapshot();
    StoreCursor cursor = snapshot.range(rows, KeyRange.all());
    snapshot.close();
    snapshot.close();
    assertThatThrownBy(() -> snapshot.get(rows, utf8("k")))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> snapshot.getAll(rows, List.of(utf8("k"))))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> snapshot.range(rows, KeyRange.all()))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(cursor::advance).isInstanceOf(UnavailableException.class);
    cursor.close();
  }

  @Test
  void cursorSeesNothingOfLaterWrites() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    for (int i = 0; i < 100; i++) {
      put(store, rows, bytes(i), bytes(1));
    }
    try (StoreCursor forward = store.range(rows, KeyRange.all());
        StoreCursor backward = store.range(rows, KeyRange.all().reversed(true))) {
      assertThat(forward.advance()).isTrue();
      assertThat(backward.advance()).isTrue();
      write(
          store,
          batch -> {
            batch.deleteRange(rows, bytes(30), bytes(60));
            for (int i = 0; i < 256; i++) {
              if (i < 30 || i >= 60) {
                batch.put(rows, bytes(i), bytes(2));
              }
            }
          });
      store.flush();
      for (int i = 1; i < 100; i++) {
        assertThat(forward.advance()).isTrue();
        assertThat(forward.key()).isEqualTo(bytes(i));
        assertThat(forward.value()).isEqualTo(bytes(1));
        assertThat(backward.advance()).isTrue();
        assertThat(backward.key()).isEqualTo(bytes(99 - i));
        assertThat(backward.value()).isEqualTo(bytes(1));
      }
      assertThat(forward.advance()).isFalse();
      assertThat(backward.advance()).isFalse();
    }
  }

  @Test
  void snapshotsOfALargeStoreAreCheap() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    for (int i = 0; i < MANY; i += 1_000) {
      int first = i;
      write(
          store,
          batch -> {
            for (int k = first; k < first + 1_000; k++) {
              batch.put(rows, utf8(String.format("%08d", k * 7919L % MANY)), utf8("v"));
            }
          });
    }
    for (int i = 0; i < 200; i++) {
      byte[] value = utf8("v" + i);
      try (StoreSnapshot snapshot = store.snapshot()) {
        byte[] before = snapshot.get(rows, utf8("00000000"));
        put(store, rows, utf8("00000000"), value);
        assertThat(snapshot.get(rows, utf8("00000000"))).isEqualTo(before);
      }
    }
    assertThat(StoreModel.drain(store.range(rows, KeyRange.all()))).hasSize(MANY);
  }
}
