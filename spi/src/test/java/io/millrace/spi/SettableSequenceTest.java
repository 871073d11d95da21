package io.millrace.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.ObservableSequence.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SettableSequenceTest {
  private final SettableSequence sequence = new SettableSequence("the thing", 5);

  private CompletableFuture<Long> when(long wanted) {
    return sequence.whenAtLeast(wanted).toCompletableFuture();
  }

  @Test
  void whatIsReachedCompletesAtOnce() {
    assertThat(when(5)).isCompletedWithValue(5L);
    assertThat(when(0)).isCompletedWithValue(5L);
  }

  @Test
  void whatIsAwaitedCompletesWhenItIsReachedOrPassed() {
    CompletableFuture<Long> six = when(6);
    CompletableFuture<Long> eight = when(8);
    CompletableFuture<Long> ten = when(10);
    sequence.advance(6);
    assertThat(six).isCompletedWithValue(6L);
    assertThat(eight).isNotDone();
    sequence.advance(9);
    assertThat(eight).isCompletedWithValue(9L);
    sequence.advance(3);
    assertThat(sequence.value()).isEqualTo(9);
    assertThat(ten).isNotDone();
    sequence.close();
    assertThatThrownBy(ten::join)
        .hasCauseInstanceOf(UnavailableException.class)
        .hasMessageContaining("the thing");
  }

  @Test
  void waitingAfterClosingFails() {
    sequence.close();
    sequence.close();
    assertThat(when(5)).isCompletedWithValue(5L);
    assertThat(when(6)).isCompletedExceptionally();
  }

  @Test
  void theValueIsThereBeforeAnyoneHears() {
    List<Long> seen = new ArrayList<>();
    when(6).thenAccept(at -> seen.add(sequence.value()));
    try (Registration heard = sequence.onAdvance(at -> seen.add(sequence.value()))) {
      assertThat(heard).isNotNull();
      sequence.advance(7);
    }
    sequence.advance(8);
    assertThat(seen).containsExactly(7L, 7L);
  }

  @Test
  void aCancelledWaitIsForgottenAndOthersOfTheSameSequenceAreNot() {
    CompletableFuture<Long> cancelled = when(7);
    CompletableFuture<Long> other = when(7);
    CompletableFuture<Long> later = when(9);
    cancelled.cancel(false);
    sequence.advance(7);
    assertThat(other).isCompletedWithValue(7L);
    later.completeExceptionally(new IllegalStateException("enough"));
    sequence.advance(9);
    assertThat(later).isCompletedExceptionally();
  }

  @Test
  @Timeout(60)
  void noWakeUpIsLostBetweenThreads() throws Exception {
    long seed = Long.getLong("millrace.test.seed", ThreadLocalRandom.current().nextLong());
    int last = 20_000;
    SettableSequence raced = new SettableSequence("the race", 0);
    List<CompletableFuture<Long>> waits = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    for (int t = 0; t < 3; t++) {
      java.util.Random random = new java.util.Random(seed + t);
      List<CompletableFuture<Long>> own = new ArrayList<>();
      Thread thread =
          new Thread(
              () -> {
                awaitQuietly(start);
                for (int i = 0; i < last; i++) {
                  long ahead = raced.value() + random.nextInt(3);
                  CompletableFuture<Long> future =
                      raced.whenAtLeast(Math.min(last, ahead)).toCompletableFuture();
                  if (random.nextInt(10) == 0) {
                    future.cancel(false);
                  } else {
                    own.add(future);
                  }
                }
                synchronized (waits) {
                  waits.addAll(own);
                }
              });
      threads.add(thread);
      thread.start();
    }
    start.countDown();
    for (int i = 1; i <= last; i++) {
      raced.advance(i);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (CompletableFuture<Long> wait : waits) {
      wait.get(10, TimeUnit.SECONDS);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
