package io.millrace.backend.rocksdb;

import io.millrace.tck.faults.StoreFaultsTck;
import java.util.Map;

/** With a small write buffer, so that there are many files. */
final class RocksdbStoreFaultsTest extends StoreFaultsTck {
  @Override
  protected String provider() {
    return "rocksdb";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("write-buffer-size", "64KiB");
  }
}
