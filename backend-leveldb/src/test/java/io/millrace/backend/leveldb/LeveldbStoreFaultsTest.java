package io.millrace.backend.leveldb;

import io.millrace.tck.faults.StoreFaultsTck;
import java.util.Map;

/** With the smallest write buffer, so that little makes many files. */
final class LeveldbStoreFaultsTest extends StoreFaultsTck {
  @Override
  protected String provider() {
    return "leveldb";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("write-buffer-size", "64KiB");
  }

  /** LevelDB itself leaves 64 MiB free. */
  @Override
  protected int mebibytesUntilFull() {
    return 70;
  }
}
