package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

final class RehearsalTest {
  @Test
  void endsByItself() {
    assertThatCode(() -> Rehearsal.main()).doesNotThrowAnyException();
  }
}
