package io.millrace.engine.planted;

/** What is thrown says what it is. */
final class EngineThrowsBareException {
  void fail() {
    throw new RuntimeException("something");
  }
}
