package io.millrace.log.store;

import io.millrace.tck.faults.LogFaultsTck;
import java.util.Map;

/** A log in this store. */
final class RocksdbLogFaultsTest extends LogFaultsTck {
  @Override
  protected String provider() {
    return "store";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("type", "rocksdb", "rocksdb.write-buffer-size", "256KiB");
  }
}
