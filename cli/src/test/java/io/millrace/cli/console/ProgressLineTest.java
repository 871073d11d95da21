package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProgressLineTest {
  private final StringWriter printed = new StringWriter();
  private long nanos;

  private ProgressLine line(boolean terminal) {
    return new ProgressLine(new PrintWriter(printed), terminal, () -> nanos);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void saysRateAndRemainingTime() {
    ProgressLine line = line(false);
    line.progress("reading the log", 0, 100_000, "records");
    pass(Duration.ofSeconds(10));
    line.progress("reading the log", 20_000, 100_000, "records");
    assertThat(printed)
        .hasToString(
            "reading the log: 20,000 of 100,000 records, 20%, 2,000/s, 0:40 left"
                + System.lineSeparator());
  }

  @Test
  void bytesAreShownAsMebibytes() {
    ProgressLine line = line(false);
    line.progress("copying", 0, 0, "bytes");
    pass(Duration.ofSeconds(10));
    line.progress("copying", 30 << 20, 60 << 20, "bytes");
    assertThat(printed.toString()).contains("copying: 30.0 of 60.0 MiB, 50%, 3.0/s, 0:10 left");
  }

  @Test
  void withoutATerminalLinesAreFewAndPlain() {
    ProgressLine line = line(false);
    for (int i = 0; i < 100; i++) {
      line.progress("reading", i, 100, "records");
      pass(Duration.ofSeconds(1));
    }
    line.close();
    assertThat(printed.toString().lines()).hasSizeLessThan(11);
    assertThat(printed.toString()).doesNotContain("\033", "\r\033");
  }

  @Test
  void onATerminalOneLineIsWrittenOverAndWipedAtTheEnd() {
    ProgressLine line = line(true);
    for (int i = 0; i < 10; i++) {
      line.progress("reading", i, 10, "records");
      pass(Duration.ofMillis(250));
    }
    line.close();
    assertThat(printed.toString()).doesNotContain("\n").startsWith("\r\033[K").endsWith("\r\033[K");
  }

  @Test
  void quickWorkShowsNothing() {
    try (ProgressLine line = line(true)) {
      line.progress("reading", 0, 10, "records");
      line.progress("reading", 10, 10, "records");
    }
    assertThat(printed.toString()).isEmpty();
  }
}
