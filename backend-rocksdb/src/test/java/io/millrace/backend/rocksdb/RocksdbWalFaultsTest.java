package io.millrace.backend.rocksdb;

import io.millrace.tck.faults.StoreFaultsTck;
import java.util.Map;

/** The same with a write-ahead log, as under a log. */
final class RocksdbWalFaultsTest extends StoreFaultsTck {
  @Override
  protected String provider() {
    return "rocksdb";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("write-buffer-size", "64KiB", "wal", "true");
  }
}
