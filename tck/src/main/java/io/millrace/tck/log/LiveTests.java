package io.millrace.tck.log;

import static io.millrace.tck.log.LogModel.batch;
import static io.millrace.tck.log.LogModel.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.Patience;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Live cursors see everything once, wait, and end. */
abstract class LiveTests extends LogGroup {
  LiveTests(LogTck kit) {
    super(kit);
  }

  /** A thread that reads a live cursor to its end. */
  private static final class Follower {
    private final LogCursor cursor;
    private final Thread thread;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<List<LogModel.Numbered>> seen = new CompletableFuture<>();

    Follower(LogCursor cursor) {
      this.cursor = cursor;
      this.thread = new Thread(this::run, "following");
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      begun.countDown();
      try {
        seen.complete(readAll(cursor));
      } catch (RuntimeException | Error e) {
        seen.completeExceptionally(e);
      }
    }

    /** Waits until the thread waits for a record, or has ended. */
    void awaitWaiting() {
      long patience = TimeUnit.MILLISECONDS.toNanos(Patience.millis());
      long start = System.nanoTime();
      while (begun.getCount() > 0 || thread.getState() == Thread.State.RUNNABLE) {
        assertThat(System.nanoTime() - start).as("nanoseconds waited").isLessThan(patience);
        Thread.onSpinWait();
      }
    }

    List<LogModel.Numbered> awaitEnd() {
      List<LogModel.Numbered> all = LogModel.await(seen);
      AppendingTests.join(thread);
      return all;
    }
  }

  @Test
  void oldAndNewRecordsAreSeenOnceAndInOrder() {
    LogModel model = new LogModel();
    model.append(log(), "old 1", "old 2");
    Follower follower = new Follower(log().tail(SequenceRange.all().limited(1_002)));
    for (int i = 0; i < 500; i++) {
      model.append(log(), "new " + i + "a", "new " + i + "b");
    }
    assertThat(follower.awaitEnd()).isEqualTo(model.expected(SequenceRange.all()));
    follower.cursor.close();
  }

  @Test
  void manyFollowersSeeTheSame() {
    List<Follower> followers =
        List.of(
            new Follower(log().tail(SequenceRange.between(1, 2_000))),
            new Follower(log().tail(SequenceRange.between(1, 2_000))),
            new Follower(log().tail(SequenceRange.between(1, 2_000))));
    for (int i = 1; i <= 2_000; i++) {
      log().append(batch("record " + i));
    }
    for (Follower follower : followers) {
      List<LogModel.Numbered> seen = follower.awaitEnd();
      assertThat(seen).hasSize(2_000);
      for (int i = 1; i <= 2_000; i++) {
        assertThat(seen.get(i - 1)).isEqualTo(new LogModel.Numbered(i, "record " + i));
      }
      follower.cursor.close();
    }
  }

  @Test
  void walkThatBeginsInTheFutureWaitsForIt() {
    LogModel model = new LogModel();
    model.append(log(), "a");
    Follower follower = new Follower(log().tail(SequenceRange.between(3, 4)));
    follower.awaitWaiting();
    model.append(log(), "b");
    model.append(log(), "c", "d", "e");
    assertThat(follower.awaitEnd()).isEqualTo(model.expected(SequenceRange.between(3, 4)));
    follower.cursor.close();
  }

  @Test
  void emptyRangeEndsAtOnce() {
    for (SequenceRange empty : List.of(SequenceRange.all().limited(0), SequenceRange.all().lt(1))) {
      Follower follower = new Follower(log().tail(empty));
      assertThat(follower.awaitEnd()).as("%s", empty).isEmpty();
      follower.cursor.close();
    }
  }

  @Test
  void reversedRangeIsRefused() {
    assertThatThrownBy(() -> log().tail(SequenceRange.all().reversed(true)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void closingOfTheCursorFromAnotherThreadEndsTheWalk() {
    LogModel model = new LogModel();
    model.append(log(), "a", "b");
    LogCursor cursor = log().tail(SequenceRange.all());
    Follower follower = new Follower(cursor);
    follower.awaitWaiting();
    cursor.close();
    assertThat(follower.awaitEnd()).isEqualTo(model.expected(SequenceRange.all()));
    assertThat(cursor.advance()).isFalse();
    model.append(log(), "c");
    model.assertIsIn(log());
  }

  @Test
  void cursorThatWasClosedBeforeItsFirstStepEnds() {
    new LogModel().append(log(), "a");
    LogCursor cursor = log().tail(SequenceRange.all());
    cursor.close();
    cursor.close();
    assertThat(new Follower(cursor).awaitEnd()).isEmpty();
  }

  @Test
  void closingOfTheLogEndsTheWalk() {
    Log closing = log();
    LogModel model = new LogModel();
    model.append(closing, "a", "b");
    Follower follower = new Follower(closing.tail(SequenceRange.all()));
    follower.awaitWaiting();
    closing.close();
    assertThat(follower.awaitEnd()).isEqualTo(model.expected(SequenceRange.all()));
    assertThat(follower.cursor.advance()).isFalse();
    follower.cursor.close();
  }
}
