package io.millrace.backend.leveldb;

import io.millrace.tck.store.ProviderStoreFixture;
import io.millrace.tck.store.StoreFixture;
import io.millrace.tck.store.StoreTck;
import java.nio.file.Path;
import java.util.Map;

/** With the smallest write buffer, so that rows reach files, and files are merged, in each test. */
final class LeveldbStoreContractTest extends StoreTck {
  @Override
  protected StoreFixture fixture(Path folder) {
    return new ProviderStoreFixture("leveldb", Map.of("write-buffer-size", "64KiB"), folder);
  }
}
