package io.millrace.engine.planted;

import java.time.Instant;

/** The clock is injected. */
final class EngineReadsClock {
  Instant now() {
    return Instant.now();
  }
}
