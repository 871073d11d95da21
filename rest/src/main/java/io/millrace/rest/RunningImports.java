package io.millrace.rest;

import io.millrace.api.Task;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The imports that go on now. Safe for use by many threads. */
@Singleton
final class RunningImports {
  private final Clock clock;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  private record Running(String bucket, Instant started, LongSupplier done) {}

  RunningImports(Clock clock) {
    this.clock = clock;
  }

  /**
   * Adds an import.
   *
   * @return to be called at its end
   */
  Runnable add(String bucket, LongSupplier done) {
    Running added = new Running(bucket, clock.instant(), done);
    running.add(added);
    return () -> running.remove(added);
  }

  /** Them, as tasks; their total is not known. */
  List<Task> tasks() {
    Instant now = clock.instant();
    return running.stream()
        .map(
            one -> {
              long done = one.done().getAsLong();
              return new Task(
                  "import " + one.bucket(),
                  "import",
                  done,
                  done,
                  "documents",
                  one.started(),
                  Duration.between(one.started(), now));
            })
        .toList();
  }
}
