package io.millrace.view.script;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.time.Duration;
import java.util.List;

/**
 * How much the work on one document may cost, and how many threads work.
 *
 * <p>Statements and calls are counted exactly, so the same work exceeds them wherever it is done.
 * Time and memory are the last resort for what they do not catch.
 *
 * @param threads how many threads run functions
 * @param timeout the processor time that a document may take
 * @param memoryBytes what a document may allocate in total
 * @param statements how many statements a document may run
 * @param calls how deep the calls of a document may be nested
 * @param stringChars the longest string that a function may make, in characters
 */
public record ScriptLimits(
    int threads, Duration timeout, long memoryBytes, long statements, int calls, int stringChars) {
  private static final Setting<Long> THREADS =
      Setting.number("threads", "How many threads run JavaScript; 0 for one a core.", 0, 0, 256);
  private static final Setting<Duration> TIMEOUT =
      Setting.duration(
          "document-timeout",
          "The most processor time that JavaScript may take for one document.",
          "1s",
          Duration.ofMillis(10),
          Duration.ofMinutes(10));
  private static final Setting<Long> MEMORY =
      Setting.size(
          "document-memory",
          "The most memory that JavaScript may allocate for one document, in bytes.",
          "64MiB",
          1L << 20,
          16L << 30);
  private static final Setting<Long> STATEMENTS =
      Setting.number(
          "document-statements",
          "The most statements that JavaScript may run for one document.",
          1_000_000,
          1_000,
          10_000_000_000L);
  private static final Setting<Long> CALLS =
      Setting.number(
          "document-calls", "How deep calls may be nested in JavaScript.", 400, 10, 2_000);

  /** The settings of a module that runs functions; beside them it may have others. */
  public static final List<Setting<?>> SETTINGS =
      List.of(THREADS, TIMEOUT, MEMORY, STATEMENTS, CALLS);

  /**
   * What the operator allows.
   *
   * @param settings know {@link #SETTINGS}
   * @param stringChars the longest string that a function may make
   */
  public static ScriptLimits of(Settings settings, int stringChars) {
    int threads = settings.get(THREADS).intValue();
    return new ScriptLimits(
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
        settings.get(TIMEOUT),
        settings.get(MEMORY),
        settings.get(STATEMENTS),
        settings.get(CALLS).intValue(),
        stringChars);
  }

  String timeExceeded() {
    return "the function takes more than " + timeout.toMillis() + " ms";
  }

  String memoryExceeded() {
    return "the function needs more than " + memoryBytes + " bytes of memory";
  }

  String statementsExceeded() {
    return "the function runs more than " + statements + " statements";
  }

  String callsExceeded() {
    return "calls are nested deeper than " + calls + " levels";
  }
}
