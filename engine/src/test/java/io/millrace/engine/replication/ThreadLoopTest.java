package io.millrace.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tck.NothingLeftBehind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeftBehind.class)
class ThreadLoopTest {
  @Test
  void tasksRunInOrderOnOneThread() {
    List<Integer> done = new ArrayList<>();
    List<Thread> threads = new CopyOnWriteArrayList<>();
    try (ThreadLoop loop = new ThreadLoop("millrace-test-loop")) {
      for (int i = 0; i < 1_000; i++) {
        int number = i;
        loop.execute(
            () -> {
              done.add(number);
              threads.add(Thread.currentThread());
            });
      }
    }
    assertThat(done).hasSize(1_000).isSorted();
    assertThat(threads).containsOnly(threads.get(0));
    assertThat(threads.get(0).getName()).isEqualTo("millrace-test-loop");
    assertThat(threads.get(0).isDaemon()).isFalse();
  }

  @Test
  void aTaskWaitsForItsTimeUnlessItIsCancelled() throws InterruptedException {
    List<String> done = new CopyOnWriteArrayList<>();
    CountDownLatch both = new CountDownLatch(2);
    try (ThreadLoop loop = new ThreadLoop("millrace-test-loop")) {
      long began = loop.nowMillis();
      loop.after(
          Duration.ofMillis(60),
          () -> {
            done.add("late after " + (loop.nowMillis() - began >= 60));
            both.countDown();
          });
      loop.after(
          Duration.ofMillis(5),
          () -> {
            done.add("soon");
            both.countDown();
          });
      loop.after(Duration.ofMillis(30), () -> done.add("cancelled")).cancel();
      assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(done).containsExactly("soon", "late after true");
  }

  @Test
  void aTaskThatFailsIsLoggedAndEndsNothing() {
    AtomicBoolean ran = new AtomicBoolean();
    List<LogRecord> logged = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            logged.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(ThreadLoop.class.getName());
    logger.addHandler(handler);
    try (ThreadLoop loop = new ThreadLoop("millrace-test-loop")) {
      loop.execute(
          () -> {
            throw new IllegalStateException("as the test wishes");
          });
      loop.execute(() -> ran.set(true));
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(ran).isTrue();
    assertThat(logged).hasSize(1);
    assertThat(logged.get(0).getThrown()).hasMessage("as the test wishes");
  }

  @Test
  void afterTheEndNothingRuns() {
    AtomicBoolean ran = new AtomicBoolean();
    ThreadLoop loop = new ThreadLoop("millrace-test-loop");
    loop.after(Duration.ofHours(1), () -> ran.set(true));
    loop.close();
    loop.execute(() -> ran.set(true));
    loop.after(Duration.ZERO, () -> ran.set(true)).cancel();
    loop.close();
    assertThat(ran).isFalse();
  }
}
