package io.millrace.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark's set-up has made; JMH calls the set-up first, which the compiler cannot see.
 */
final class Required {
  private Required() {}

  static <T> T of(@Nullable T made) {
    return Objects.requireNonNull(made, "the set-up has not run");
  }
}
