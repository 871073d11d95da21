package com.example.mvstore;

import io.millrace.tck.store.ProviderStoreFixture;
import io.millrace.tck.store.StoreFixture;
import io.millrace.tck.store.StoreTck;
import java.nio.file.Path;
import java.util.Map;

/** The contract, with a buffer so small that every test writes chunks. */
final class TreeStoreContractTest extends StoreTck {
  @Override
  protected StoreFixture fixture(Path folder) {
    return new ProviderStoreFixture("mvstore", Map.of("write-buffer-size", "16KiB"), folder);
  }
}
