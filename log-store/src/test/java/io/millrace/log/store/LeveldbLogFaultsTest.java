package io.millrace.log.store;

import io.millrace.tck.Thoroughness;
import io.millrace.tck.faults.LogFaultsTck;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A log in this store; only now and then, since log and store are tested by themselves. */
@EnabledIfSystemProperty(
    named = Thoroughness.PROPERTY,
    matches = "true",
    disabledReason = "takes long")
final class LeveldbLogFaultsTest extends LogFaultsTck {
  @Override
  protected String provider() {
    return "store";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("type", "leveldb", "leveldb.write-buffer-size", "64KiB");
  }

  /** LevelDB leaves 64 MiB free. */
  @Override
  protected int mebibytesUntilFull() {
    return 70;
  }
}
