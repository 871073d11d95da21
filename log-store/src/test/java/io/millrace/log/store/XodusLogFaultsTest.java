package io.millrace.log.store;

import io.millrace.tck.Thoroughness;
import io.millrace.tck.faults.LogFaultsTck;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A log in this store; only now and then, since log and store are tested by themselves. */
@EnabledIfSystemProperty(
    named = Thoroughness.PROPERTY,
    matches = "true",
    disabledReason = "takes long")
final class XodusLogFaultsTest extends LogFaultsTck {
  @Override
  protected String provider() {
    return "store";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("type", "xodus");
  }

  /** Xodus leaves a handle of its folder to the collector when opening fails early. */
  @AfterEach
  void collect() {
    System.gc();
  }
}
