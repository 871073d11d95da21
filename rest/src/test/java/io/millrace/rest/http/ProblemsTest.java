package io.millrace.rest.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.error.UnsupportedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProblemsTest {
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final Problems problems = new Problems();
  private final Logger logger = Logger.getLogger(Problems.class.getName());
  private final Captured captured = new Captured();

  /** What was logged, and nothing of it printed. */
  private static final class Captured extends Handler {
    private final List<LogRecord> records = new ArrayList<>();

    @Override
    public void publish(LogRecord record) {
      records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void capture() {
    logger.setUseParentHandlers(false);
    logger.addHandler(captured);
  }

  @AfterEach
  void release() {
    logger.removeHandler(captured);
    logger.setUseParentHandlers(true);
  }

  private static String body(Problem problem) {
    return new String(problem.json(), StandardCharsets.UTF_8);
  }

  private String loggedId(Problem problem, Throwable thrown) {
    assertThat(captured.records).hasSize(1);
    LogRecord record = captured.records.remove(0);
    assertThat(record.getThrown()).isSameAs(thrown);
    Matcher id = ID.matcher(body(problem));
    assertThat(id.find()).as(body(problem)).isTrue();
    assertThat(record.getMessage()).endsWith("error id " + id.group(1));
    assertThat(problem.detail()).endsWith("error id " + id.group(1));
    return id.group(1);
  }

  @Test
  void anUnexpectedExceptionIsLoggedUnderTheIdThatTheClientIsTold() {
    Throwable defect = new IllegalStateException("swordfish", new RuntimeException("kipper"));
    Problem problem = problems.of(new CompletionException(new CompletionException(defect)));
    assertThat(problem.status()).isEqualTo(500);
    assertThat(problem.code()).isEqualTo("internal");
    String first = loggedId(problem, defect);
    assertThat(body(problem))
        .doesNotContain("swordfish", "kipper", "Exception", "\\tat ", ".java", "io.millrace");
    assertThat(loggedId(problems.of(defect), defect)).isNotEqualTo(first);
  }

  @Test
  void anErrorOfTheJvmIsAnUnexpectedExceptionToo() {
    Throwable defect = new StackOverflowError();
    Problem problem = problems.of(defect);
    assertThat(problem.status()).isEqualTo(500);
    loggedId(problem, defect);
  }

  @Test
  void whatIsNotTheClientsFaultIsLoggedAndNotShown() {
    MillraceException corrupt = new CorruptionException("segment-7.log at 123", "a checksum");
    MillraceException defect = new InternalException("misnumbered-append", "answered 3 for 4");
    MillraceException unknown = new UnknownOutcomeException("append-unknown", "no answer");
    for (MillraceException thrown : List.of(corrupt, defect, unknown)) {
      Problem problem = problems.of(thrown);
      assertThat(problem.status()).as(thrown.code()).isEqualTo(500);
      assertThat(body(problem)).doesNotContain(thrown.getMessage());
      loggedId(problem, thrown);
    }
    assertThat(body(problems.of(unknown)))
        .contains("urn:millrace:problem:unknown-outcome", "\"outcome\":\"unknown\"");
    assertThat(problems.of(new UnsupportedException("old-format", "format 1")).status())
        .isEqualTo(501);
  }

  @Test
  void whatIsTheClientsBusinessIsShownAndNotLogged() {
    Problem invalid = problems.of(new InvalidRequestException("invalid-id", "an id with a reason"));
    assertThat(invalid.status()).isEqualTo(400);
    assertThat(body(invalid)).contains("an id with a reason", "urn:millrace:problem:invalid-id");
    Problem missing = problems.of(new NotFoundException("unknown-target", "no sequence 9"));
    assertThat(missing.status()).isEqualTo(404);
    Problem full = problems.of(new UnavailableException("writer-full", "5 writes wait"));
    assertThat(full.status()).isEqualTo(503);
    assertThat(full.response().getHeaderString("Retry-After")).isEqualTo("1");
    Problem behind = problems.of(new UnavailableException("view-behind", "it takes long"));
    assertThat(behind.response().getHeaderString("Retry-After")).isEqualTo("5");
    assertThat(captured.records).isEmpty();
  }
}
