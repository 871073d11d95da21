package io.millrace.engine.replication;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps to itself what replication complains of while a test gives it a thousand reasons. */
final class QuietReplication implements BeforeAllCallback, AfterAllCallback {
  /** Held, so that its level is not forgotten with it. */
  private final Logger logger = Logger.getLogger("io.millrace.engine.replication");

  @Override
  public void beforeAll(ExtensionContext context) {
    logger.setLevel(Level.OFF);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    logger.setLevel(null);
  }
}
