package io.millrace.tck.store;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** What all groups of the contract have in common: the test they belong to, and short words. */
@Timeout(120)
abstract class StoreGroup {
  private final StoreTck tck;

  StoreGroup(StoreTck tck) {
    this.tck = tck;
  }

  final Store open() {
    return tck.open();
  }

  final Store closedLater(Store store) {
    return tck.closedLater(store);
  }

  final StoreFixture fixture() {
    return tck.fixture();
  }

  final Path work() {
    return tck.work();
  }

  static void write(Store store, Consumer<StoreBatch> changes) {
    try (StoreBatch batch = store.batch()) {
      changes.accept(batch);
      store.write(batch);
    }
  }

  static void put(Store store, Keyspace keyspace, byte[] key, byte[] value) {
    write(store, batch -> batch.put(keyspace, key, value));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
