package io.millrace.tck.log;

import static io.millrace.tck.log.LogModel.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A log is closed once, and found again as it was. */
abstract class LifecycleTests extends LogGroup {
  LifecycleTests(LogTck kit) {
    super(kit);
  }

  @Test
  void closingTwiceDoesNothing() {
    log().close();
    log().close();
  }

  @Test
  void appendAfterCloseIsRefused() {
    Log closed = log();
    closed.close();
    MillraceException refusal = refusal(() -> closed.append(batch("late")));
    assertThat(refusal).isInstanceOf(UnavailableException.class);
    assertThat(refusal.code()).isEqualTo("log-closed");
  }

  @Test
  void everythingElseAfterCloseIsRefused() {
    Log closed = log();
    new LogModel().append(closed, "a");
    Incarnation incarnation = closed.incarnation();
    LogCursor open = closed.read(SequenceRange.all());
    closed.close();
    List<ThrowingCallable> calls =
        List.of(
            closed::since,
            closed::maxRecordBytes,
            () -> closed.read(1),
            () -> closed.read(SequenceRange.all()),
            () -> closed.tail(SequenceRange.all()),
            open::advance);
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              UnavailableException.class,
              refused -> assertThat(refused.code()).isEqualTo("log-closed"));
    }
    open.close();
    assertThat(closed.incarnation()).isEqualTo(incarnation);
  }

  @Test
  void waitForSequenceFailsWhenTheLogIsClosed() {
    ObservableSequence since = log().since();
    CompletionStage<Long> first = since.whenAtLeast(1);
    log().close();
    for (CompletionStage<Long> wait : List.of(first, since.whenAtLeast(2))) {
      assertThatThrownBy(() -> wait.toCompletableFuture().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void closeWaitsForTheAppendsThatWereAccepted() {
    List<CompletionStage<Long>> answers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      answers.add(log().append(batch("record " + i)));
    }
    log().close();
    for (CompletionStage<Long> answer : answers) {
      assertThat(answer.toCompletableFuture()).isCompleted();
    }
  }

  @Test
  void reopenedLogIsTheSame() {
    Incarnation incarnation = log().incarnation();
    LogModel model = new LogModel();
    model.append(log(), "a", "", "c");
    model.append(log(), "d".repeat(3_000));
    Log again = reopen();
    if (!fixture().keepsRecords()) {
      assertThat(again.incarnation()).isNotEqualTo(incarnation);
      new LogModel().assertIsIn(again);
      return;
    }
    assertThat(again.incarnation()).isEqualTo(incarnation);
    model.assertIsIn(again);
    model.append(again, "e", "f");
    model.assertIsIn(again);
    model.assertIsIn(reopen());
    model.assertIsIn(reopen());
    assertThat(log().incarnation()).isEqualTo(incarnation);
  }

  @Test
  void newLogHasARandomIncarnation() {
    try (LogFixture other = newFixture();
        Log elsewhere = other.open()) {
      assertThat(elsewhere.incarnation()).isNotEqualTo(log().incarnation());
    }
  }
}
