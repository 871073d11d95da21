package io.millrace.log.file;

import io.millrace.tck.faults.LogFaultsTck;
import java.util.Map;

/** With segments so small that every test begins several. */
final class FileLogFaultsTest extends LogFaultsTck {
  @Override
  protected String provider() {
    return "file";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("segment-size", "64KiB");
  }
}
