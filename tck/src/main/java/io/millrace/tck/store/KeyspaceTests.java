package io.millrace.tck.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many keyspaces beside each other, and their end. */
abstract class KeyspaceTests extends StoreGroup {
  private static final int MANY = 5_000;

  KeyspaceTests(StoreTck tck) {
    super(tck);
  }

  @Test
  void keyspacesWithNamesThatBeginAlikeAreApart() {
    Store store = open();
    List<String> names = List.of("a", "aa", "a\u0000", "a/b", "a/", "\u00e4", "A");
    write(
        store,
        batch -> {
          for (String name : names) {
            batch.put(store.keyspace(name), utf8("a"), utf8(name));
          }
        });
    for (String name : names) {
      Keyspace keyspace = store.keyspace(name);
      assertThat(keyspace.name()).isEqualTo(name);
      assertThat(store.get(keyspace, utf8("a"))).isEqualTo(utf8(name));
      assertThat(StoreModel.drain(store.range(keyspace, KeyRange.all()))).hasSize(1);
    }
    assertThat(store.keyspaces()).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void keyspacesAreListedInOrder() {
    Store store = open();
    for (String name : List.of("m", "b", "z", "bb")) {
      put(store, store.keyspace(name), utf8("k"), utf8("v"));
    }
    assertThat(store.keyspaces()).containsExactly("b", "bb", "m", "z");
  }

  @Test
  void nameHasOneTo512BytesOfUtf8() {
    Store store = open();
    assertThatThrownBy(() -> store.keyspace("")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> store.keyspace("\u00e4".repeat(257)))
        .isInstanceOf(InvalidRequestException.class);
    String longest = "\u00e4".repeat(256);
    put(store, store.keyspace(longest), utf8("k"), utf8("v"));
    assertThat(store.get(store.keyspace(longest), utf8("k"))).isEqualTo(utf8("v"));
  }

  @Test
  void droppedKeyspaceIsEmptyAndItsNeighboursAreNot() {
    Store store = open();
    List<Keyspace> keyspaces =
        List.of(store.keyspace("a"), store.keyspace("b"), store.keyspace("c"));
    for (Keyspace keyspace : keyspaces) {
      put(store, keyspace, bytes(), utf8("v"));
      put(store, keyspace, bytes(0xff, 0xff), utf8("v"));
    }
    store.drop(keyspaces.get(1));
    assertThat(store.keyspaces()).containsExactly("a", "c");
    assertThat(StoreModel.of(store).size()).isEqualTo(4);
  }

  @Test
  void droppedHandleFindsNothingAndRefusesWrites() {
    Store store = open();
    Keyspace dropped = store.keyspace("rows");
    Keyspace sameName = store.keyspace("rows");
    put(store, dropped, utf8("k"), utf8("v"));
    store.drop(sameName);
    for (Keyspace handle : List.of(dropped, sameName)) {
      assertThat(store.get(handle, utf8("k"))).isNull();
      assertThat(store.getAll(handle, List.of(utf8("k")))).containsOnlyNulls();
      assertThat(StoreModel.drain(store.range(handle, KeyRange.all()))).isEmpty();
      assertThatThrownBy(() -> put(store, handle, utf8("k"), utf8("v")))
          .isInstanceOf(MillraceException.class);
    }
    assertThat(store.keyspaces()).doesNotContain("rows");
  }

  @Test
  void batchThatWasFilledBeforeADropIsRefusedAsAWhole() {
    Store store = open();
    Keyspace dropped = store.keyspace("dropped");
    Keyspace other = store.keyspace("other");
    try (StoreBatch batch = store.batch()) {
      batch.put(other, utf8("k"), utf8("v"));
      batch.put(dropped, utf8("k"), utf8("v"));
      store.drop(dropped);
      assertThatThrownBy(() -> store.write(batch)).isInstanceOf(MillraceException.class);
    }
    assertThat(store.get(other, utf8("k"))).isNull();
    assertThat(store.get(store.keyspace("dropped"), utf8("k"))).isNull();
  }

  @Test
  void keyspaceMadeAgainIsEmptyAndWorks() {
    Store store = open();
    for (int life = 0; life < 3; life++) {
      Keyspace rows = store.keyspace("rows");
      assertThat(StoreModel.drain(store.range(rows, KeyRange.all()))).isEmpty();
      put(store, rows, utf8("k" + life), utf8("v"));
      assertThat(StoreModel.drain(store.range(rows, KeyRange.all()))).hasSize(1);
      if (life == 1) {
        store.flush();
      }
      store.drop(rows);
    }
  }

  @Test
  void droppingTwiceDoesNoHarmToTheNextLife() {
    Store store = open();
    Keyspace first = store.keyspace("rows");
    put(store, first, utf8("k"), utf8("v"));
    store.drop(first);
    Keyspace second = store.keyspace("rows");
    put(store, second, utf8("k"), utf8("v2"));
    store.drop(first);
    assertThat(store.get(second, utf8("k"))).isEqualTo(utf8("v2"));
  }

  @Test
  void snapshotKeepsWhatIsDroppedLater() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    try (StoreSnapshot snapshot = store.snapshot()) {
      store.drop(rows);
      assertThat(snapshot.get(rows, utf8("k"))).isEqualTo(utf8("v"));
    }
  }

  @Test
  void keyspaceOfAnotherStoreIsRefused() {
    Store store = open();
    Keyspace foreign = () -> "rows";
    assertThatThrownBy(() -> store.get(foreign, utf8("k")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thousandsOfKeyspacesCanBeMadeAndDropped() {
    Store store = open();
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      String name = String.format("keyspace-%05d", i);
      put(store, store.keyspace(name), utf8("k"), utf8(name));
      if (i % 2 == 1) {
        kept.add(name);
      }
    }
    assertThat(store.keyspaces()).hasSize(MANY);
    for (int i = 0; i < MANY; i += 2) {
      store.drop(store.keyspace(String.format("keyspace-%05d", i)));
    }
    assertThat(store.keyspaces()).isEqualTo(kept);
    if (fixture().survivesClose()) {
      store.close();
      store = open();
      assertThat(store.keyspaces()).isEqualTo(kept);
    }
    for (String name : kept) {
      assertThat(store.get(store.keyspace(name), utf8("k"))).isEqualTo(utf8(name));
    }
    assertThat(StoreModel.drain(store.range(store.keyspace("keyspace-00000"), KeyRange.all())))
        .isEmpty();
  }
}
