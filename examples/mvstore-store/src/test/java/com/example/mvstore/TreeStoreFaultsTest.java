package com.example.mvstore;

import io.millrace.tck.faults.StoreFaultsTck;
import java.util.Map;

/** With a buffer so small that little makes many chunks. */
final class TreeStoreFaultsTest extends StoreFaultsTck {
  @Override
  protected String provider() {
    return "mvstore";
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("write-buffer-size", "16KiB");
  }

  /** MVStore goes on from the last chunk that it finds whole. */
  @Override
  protected boolean noticesDamageAtTheEnd() {
    return false;
  }
}
