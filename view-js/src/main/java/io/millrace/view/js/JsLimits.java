package io.millrace.view.js;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.time.Duration;
import java.util.List;

/**
 * How much one document may cost, and how many threads map.
 *
 * <p>Statements, calls, rows and characters are counted exactly, so the same document exceeds them
 * wherever it is mapped. Time and memory are the last resort for what they do not catch.
 *
 * @param threads how many threads map
 * @param timeout the processor time that a document may take
 * @param memoryBytes what a document may allocate in total
 * @param outputChars how long the rows of a document may be
 * @param rows how many rows a document may emit
 * @param statements how many statements a document may run
 * @param calls how deep the calls of a document may be nested
 */
record JsLimits(
    int threads,
    Duration timeout,
    long memoryBytes,
    long outputChars,
    long rows,
    long statements,
    int calls) {
  private static final Setting<Long> THREADS =
      Setting.number("threads", "How many threads map documents; 0 for one a core.", 0, 0, 256);
  private static final Setting<Duration> TIMEOUT =
      Setting.duration(
          "document-timeout",
          "The most processor time that mapping one document may take.",
          "1s",
          Duration.ofMillis(10),
          Duration.ofMinutes(10));
  private static final Setting<Long> MEMORY =
      Setting.size(
          "document-memory",
          "The most memory that mapping one document may allocate, in bytes.",
          "64MiB",
          1L << 20,
          16L << 30);
  private static final Setting<Long> OUTPUT =
      Setting.size(
          "document-output",
          "The longest that the rows of one document may be, in characters of JSON.",
          "1MiB",
          1L << 10,
          64L << 20);
  private static final Setting<Long> ROWS =
      Setting.number(
          "document-rows", "The most rows that one document may emit.", 10_000, 1, 1_000_000);
  private static final Setting<Long> STATEMENTS =
      Setting.number(
          "document-statements",
          "The most statements that mapping one document may run.",
          1_000_000,
          1_000,
          10_000_000_000L);
  private static final Setting<Long> CALLS =
      Setting.number(
          "document-calls", "How deep calls may be nested in a map function.", 400, 10, 2_000);

  static final List<Setting<?>> SETTINGS =
      List.of(THREADS, TIMEOUT, MEMORY, OUTPUT, ROWS, STATEMENTS, CALLS);

  static JsLimits of(Settings settings) {
    int threads = settings.get(THREADS).intValue();
    return new JsLimits(
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
        settings.get(TIMEOUT),
        settings.get(MEMORY),
        settings.get(OUTPUT),
        settings.get(ROWS),
        settings.get(STATEMENTS),
        settings.get(CALLS).intValue());
  }

  /** Says that a document allocated too much. */
  String memoryExceeded() {
    return "the document needs more than " + memoryBytes + " bytes of memory";
  }

  /** The longest string that a map function may make, in characters. */
  int stringChars() {
    // The text of a chunk must fit: it ends when it is longer than one document may be.
    return (int) (2 * outputChars + (64 << 10));
  }
}
