package io.millrace.backend.rocksdb;

import io.millrace.tck.store.ProviderStoreFixture;
import io.millrace.tck.store.StoreFixture;
import io.millrace.tck.store.StoreTck;
import java.nio.file.Path;
import java.util.Map;

/** The same with a write-ahead log, as under a log. */
final class RocksdbWalContractTest extends StoreTck {
  @Override
  protected StoreFixture fixture(Path folder) {
    return new ProviderStoreFixture(
        "rocksdb", Map.of("write-buffer-size", "64KiB", "wal", "true"), folder);
  }
}
