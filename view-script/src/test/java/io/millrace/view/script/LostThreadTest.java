package io.millrace.view.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Meters;
import io.millrace.spi.Settings;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Patience;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Work that does not end even when its sandbox does, with one thread for all work. */
@Timeout(60)
@ExtendWith(NothingLeftBehind.class)
final class LostThreadTest {
  private static final Duration GRACE = Duration.ofMillis(30);

  private final Counts counts = new Counts();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicReference<Thread> stuck = new AtomicReference<>();
  private final ScriptPool pool =
      new ScriptPool(
          "js",
          ScriptLimits.of(
              Settings.parse(
                  "", ScriptLimits.SETTINGS, Map.of("threads", "1", "document-memory", "1MiB")),
              1 << 20),
          GRACE,
          counts);

  @AfterEach
  void close() {
    end.countDown();
    pool.close();
  }

  /** Allocates more than a document may, then waits for the end, which nothing hastens. */
  private Integer hang(Sandbox sandbox) {
    stuck.set(Thread.currentThread());
    byte[][] kept = new byte[64][64 << 10];
    boolean ended = false;
    while (!ended) {
      try {
        ended = end.await(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        // What hangs does not listen.
      }
    }
    return kept.length;
  }

  private static <T> T get(CompletableFuture<T> result) throws Exception {
    return result.get(Patience.millis(), TimeUnit.MILLISECONDS);
  }

  @Test
  void workThatDoesNotEndIsAnsweredAndAnotherThreadTakesItsPlace() throws Exception {
    CompletableFuture<Outcome<Integer>> hanging = pool.submit(this::hang);
    CompletableFuture<Outcome<String>> waiting =
        pool.submit(sandbox -> Thread.currentThread().getName());
    assertThat(get(hanging))
        .isInstanceOfSatisfying(
            Outcome.Exceeded.class,
            outcome ->
                assertThat(outcome.reason())
                    .contains("1048576 bytes of memory")
                    .endsWith("and cannot be ended"));
    assertThat(get(waiting)).isEqualTo(new Outcome.Done<>("millrace-js-1"));
    assertThat(get(pool.submit(sandbox -> Thread.currentThread() != stuck.get())))
        .isEqualTo(new Outcome.Done<>(true));
    assertThat(counts.of("view.js.lost")).isEqualTo(1);
    assertThat(stuck.get().isAlive()).isTrue();
  }

  @Test
  void aLostThreadThatComesBackTakesNoMoreWorkAndEnds() throws Exception {
    CompletableFuture<Outcome<Integer>> hanging = pool.submit(this::hang);
    Outcome<Integer> answer = get(hanging);
    end.countDown();
    stuck.get().join(Patience.millis());
    assertThat(stuck.get().isAlive()).isFalse();
    assertThat(get(hanging)).isSameAs(answer);
    for (int i = 0; i < 20; i++) {
      assertThat(get(pool.submit(sandbox -> Thread.currentThread() == stuck.get())))
          .isEqualTo(new Outcome.Done<>(false));
    }
    assertThat(counts.of("view.js.lost")).isEqualTo(1);
  }

  /** Remembers what was counted. */
  private static final class Counts implements Meters {
    private final Map<String, AtomicLong> sums = new ConcurrentHashMap<>();

    long of(String name) {
      return sums.getOrDefault(name, new AtomicLong()).get();
    }

    @Override
    public Counter counter(String name, String description) {
      return sums.computeIfAbsent(name, unused -> new AtomicLong())::addAndGet;
    }

    @Override
    public Distribution distribution(String name, String unit, String description) {
      return amount -> {};
    }

    @Override
    public Distribution timer(String name, String description) {
      return amount -> {};
    }

    @Override
    public void gauge(String name, String unit, String description, DoubleSupplier value) {}
  }
}
