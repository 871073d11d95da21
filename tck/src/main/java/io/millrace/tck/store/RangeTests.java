package io.millrace.tck.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Walking over keys. */
abstract class RangeTests extends StoreGroup {
  RangeTests(StoreTck tck) {
    super(tck);
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    StoreModel model = new StoreModel();
    List<byte[]> keys =
        List.of(
            bytes(),
            bytes(0),
            bytes(0, 0),
            bytes(0, 0xff),
            bytes(1),
            bytes(0x7f),
            bytes(0x7f, 0xff),
            bytes(0x80),
            bytes(0xfe),
            bytes(0xff),
            bytes(0xff, 0),
            bytes(0xff, 0xff));
    for (byte[] key : keys) {
      put(store, rows, key, key);
      model.put("rows", key, key);
    }
    assertRows(store, rows, model, KeyRange.all());
    assertRows(store, rows, model, KeyRange.all().reversed(true));
    try (StoreCursor cursor = store.range(rows, KeyRange.all())) {
      for (byte[] key : keys) {
        assertThat(cursor.advance()).isTrue();
        assertThat(cursor.key()).isEqualTo(key);
        assertThat(cursor.value()).isEqualTo(key);
        assertThat(cursor.current()).isEqualTo(key);
      }
      assertThat(cursor.advance()).isFalse();
    }
  }

  @Test
  void everyCombinationOfBoundsAgreesWithTheModel() {
    Seed seed = Seed.next();
    Random random = seed.random();
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    Keyspace before = store.keyspace("row");
    Keyspace after = store.keyspace("rows2");
    StoreModel model = new StoreModel();
    for (int i = 0; i < 300; i++) {
      byte[] key = randomKey(random);
      byte[] value = randomKey(random);
      boolean delete = random.nextInt(4) == 0;
      write(
          store,
          batch -> {
            batch.put(before, key, utf8("before"));
            batch.put(after, key, utf8("after"));
            if (delete) {
              batch.delete(rows, key);
            } else {
              batch.put(rows, key, value);
            }
          });
      if (delete) {
        model.delete("rows", key);
      } else {
        model.put("rows", key, value);
      }
      if (i == 150) {
        store.flush();
      }
    }
    List<byte[]> bounds = new ArrayList<>(List.of(bytes(), bytes(0), bytes(0xff)));
    for (int i = 0; i < 20; i++) {
      bounds.add(randomKey(random));
    }
    for (byte[] from : bounds) {
      assertBothWays(seed, store, rows, model, from, null);
      for (byte[] to : bounds) {
        assertBothWays(seed, store, rows, model, from, to);
      }
    }
  }

  @Test
  void emptyKeyspaceHasNoRows() {
    Store store = open();
    Keyspace empty = store.keyspace("empty");
    put(store, store.keyspace("a"), utf8("k"), utf8("v"));
    put(store, store.keyspace("z"), utf8("k"), utf8("v"));
    assertThat(StoreModel.drain(store.range(empty, KeyRange.all()))).isEmpty();
    assertThat(StoreModel.drain(store.range(empty, KeyRange.all().reversed(true)))).isEmpty();
  }

  @Test
  void prefixRangeHasExactlyTheKeysWithThePrefix() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    for (byte[] key :
        List.of(bytes(1), bytes(2), bytes(2, 0), bytes(2, 0xff, 0xff), bytes(3), bytes(0xff, 1))) {
      put(store, rows, key, bytes());
    }
    assertThat(StoreModel.drain(store.range(rows, KeyRange.prefix(bytes(2)))))
        .containsExactly("02=", "0200=", "02ffff=");
    assertThat(StoreModel.drain(store.range(rows, KeyRange.prefix(bytes(0xff)))))
        .containsExactly("ff01=");
  }

  @Test
  void cursorIsOnNoRowBeforeTheFirstAndAfterTheLast() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    try (StoreCursor cursor = store.range(rows, KeyRange.all())) {
      assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(cursor::current).isInstanceOf(IllegalStateException.class);
      assertThat(cursor.advance()).isTrue();
      assertThat(cursor.advance()).isFalse();
      assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(cursor::current).isInstanceOf(IllegalStateException.class);
      assertThat(cursor.advance()).isFalse();
    }
  }

  @Test
  void closedCursorRefusesToGoOn() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    StoreCursor cursor = store.range(rows, KeyRange.all());
    cursor.close();
    cursor.close();
    assertThatThrownBy(cursor::advance).isInstanceOf(UnavailableException.class);
  }

  private static void assertBothWays(
      Seed seed, Store store, Keyspace rows, StoreModel model, byte[] from, byte @Nullable [] to) {
    for (boolean reverse : List.of(false, true)) {
      KeyRange range = new KeyRange(from, to, reverse);
      assertThat(StoreModel.drain(store.range(rows, range)))
          .as("%s with %s", range, seed)
          .isEqualTo(model.rows("rows", range));
    }
  }

  private static void assertRows(Store store, Keyspace rows, StoreModel model, KeyRange range) {
    assertThat(StoreModel.drain(store.range(rows, range))).isEqualTo(model.rows("rows", range));
  }

  private static byte[] randomKey(Random random) {
    byte[] alphabet = bytes(0, 1, 0x7f, 0x80, 0xff);
    byte[] key = new byte[random.nextInt(4)];
    for (int i = 0; i < key.length; i++) {
      key[i] = alphabet[random.nextInt(alphabet.length)];
    }
    return key;
  }
}
