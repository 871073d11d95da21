package io.millrace.backend.xodus;

import io.millrace.tck.faults.StoreFaultsTck;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** With the smallest files. */
final class XodusStoreFaultsTest extends StoreFaultsTck {
  @Override
  protected String provider() {
    return "xodus";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("file-size", "8MiB");
  }

  /** Xodus leaves a handle of its folder to the collector when opening fails early. */
  @AfterEach
  void collect() {
    System.gc();
  }
}
