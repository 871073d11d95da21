package io.millrace.backend.xodus;

import io.millrace.tck.store.ProviderStoreFixture;
import io.millrace.tck.store.StoreFixture;
import io.millrace.tck.store.StoreTck;
import java.nio.file.Path;
import java.util.Map;

/** With the smallest files, so that there are several. */
final class XodusStoreContractTest extends StoreTck {
  @Override
  protected StoreFixture fixture(Path folder) {
    return new ProviderStoreFixture("xodus", Map.of("file-size", "8MiB"), folder);
  }
}
