package io.millrace.backend.rocksdb;

import io.millrace.tck.store.ProviderStoreFixture;
import io.millrace.tck.store.StoreFixture;
import io.millrace.tck.store.StoreTck;
import java.nio.file.Path;
import java.util.Map;

/** With the smallest write buffer, so that rows reach files, and files are merged, in each test. */
final class RocksdbStoreContractTest extends StoreTck {
  @Override
  protected StoreFixture fixture(Path folder) {
    return new ProviderStoreFixture("rocksdb", Map.of("write-buffer-size", "64KiB"), folder);
  }
}
