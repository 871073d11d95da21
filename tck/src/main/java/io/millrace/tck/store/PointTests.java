package io.millrace.tck.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading and writing single keys. */
abstract class PointTests extends StoreGroup {
  PointTests(StoreTck tck) {
    super(tck);
  }

  @Test
  void absentKeyHasNoValue() {
    Store store = open();
    assertThat(store.get(store.keyspace("rows"), utf8("k"))).isNull();
  }

  @Test
  void writtenValueIsRead() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    assertThat(store.get(rows, utf8("k"))).isEqualTo(utf8("v"));
    assertThat(store.get(store.keyspace("rows"), utf8("k"))).isEqualTo(utf8("v"));
  }

  @Test
  void laterValueReplacesTheEarlier() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("old"));
    put(store, rows, utf8("k"), utf8("new"));
    assertThat(store.get(rows, utf8("k"))).isEqualTo(utf8("new"));
  }

  @Test
  void deletedKeyHasNoValue() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    write(store, batch -> batch.delete(rows, utf8("k")));
    assertThat(store.get(rows, utf8("k"))).isNull();
  }

  @Test
  void deletingAnAbsentKeyDoesNothing() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    write(store, batch -> batch.delete(rows, utf8("kk")));
    assertThat(store.get(rows, utf8("k"))).isEqualTo(utf8("v"));
  }

  @Test
  void emptyValueIsNotAbsence() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), new byte[0]);
    assertThat(store.get(rows, utf8("k"))).isNotNull().isEmpty();
    assertThat(store.getAll(rows, List.of(utf8("k"))).get(0)).isNotNull().isEmpty();
  }

  @Test
  void emptyKeyIsAKey() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    Keyspace others = store.keyspace("others");
    put(store, rows, new byte[0], utf8("v"));
    assertThat(store.get(rows, new byte[0])).isEqualTo(utf8("v"));
    assertThat(store.get(others, new byte[0])).isNull();
  }

  @Test
  void longestKeyAndLargeValueAreKept() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    byte[] key = new byte[65_535];
    byte[] value = new byte[3_000_000];
    key[65_534] = 1;
    value[2_999_999] = 1;
    put(store, rows, key, value);
    assertThat(store.get(rows, key)).isEqualTo(value);
    key[65_534] = 2;
    assertThat(store.get(rows, key)).isNull();
  }

  @Test
  void tooLongKeyIsRefused() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    try (StoreBatch batch = store.batch()) {
      assertThatThrownBy(() -> batch.put(rows, new byte[65_536], utf8("v")))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void getAllKeepsTheOrderAndHasNullsForAbsentKeys() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("a"), utf8("1"));
    put(store, rows, utf8("b"), utf8("2"));
    List<byte[]> values =
        store.getAll(rows, List.of(utf8("b"), utf8("x"), utf8("a"), utf8("b"), utf8("")));
    assertThat(values).hasSize(5);
    assertThat(values.get(0)).isEqualTo(utf8("2"));
    assertThat(values.get(1)).isNull();
    assertThat(values.get(2)).isEqualTo(utf8("1"));
    assertThat(values.get(3)).isEqualTo(utf8("2"));
    assertThat(values.get(4)).isNull();
    assertThat(store.getAll(rows, List.of())).isEmpty();
  }

  @Test
  void arraysGivenAndReturnedAreNotShared() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    byte[] key = utf8("k");
    byte[] value = utf8("v");
    try (StoreBatch batch = store.batch()) {
      batch.put(rows, key, value);
      key[0] = 'x';
      value[0] = 'x';
      store.write(batch);
    }
    byte[] read = store.get(rows, utf8("k"));
    assertThat(read).isEqualTo(utf8("v"));
    read[0] = 'y';
    assertThat(store.get(rows, utf8("k"))).isEqualTo(utf8("v"));
  }
}
