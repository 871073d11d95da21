package io.millrace.tck.log;

import static io.millrace.tck.log.LogModel.await;
import static io.millrace.tck.log.LogModel.batch;
import static io.millrace.tck.log.LogModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.tck.Patience;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Batches go in whole, in order, and numbered without gaps. */
abstract class AppendingTests extends LogGroup {
  AppendingTests(LogTck kit) {
    super(kit);
  }

  @Test
  void newLogIsEmpty() {
    assertThat(log().since().value()).isZero();
    new LogModel().assertIsIn(log());
  }

  @Test
  void sequencesBeginWithOneAndHaveNoGaps() {
    LogModel model = new LogModel();
    model.append(log(), "a");
    model.append(log(), "b", "c", "d");
    model.append(log(), "e");
    model.append(log(), "f", "g");
    assertThat(model.size()).isEqualTo(7);
    model.assertIsIn(log());
  }

  @Test
  void emptyBatchIsRefusedAndTakesNoSequence() {
    assertThatThrownBy(() -> log().append(List.of())).isInstanceOf(InvalidRequestException.class);
    assertThat(log().since().value()).isZero();
    LogModel model = new LogModel();
    model.append(log(), "after");
    model.assertIsIn(log());
  }

  @Test
  void batchWithTooLargeRecordIsRefusedAsAWhole() {
    byte[] tooLarge = new byte[log().maxRecordBytes() + 1];
    List<byte[]> records = List.of(new byte[1], tooLarge);
    assertThatThrownBy(() -> log().append(records)).isInstanceOf(InvalidRequestException.class);
    LogModel model = new LogModel();
    model.append(log(), "after");
    model.assertIsIn(log());
  }

  @Test
  void recordsOfAllLengthsAreKept() {
    LogModel model = new LogModel();
    int most = Math.min(log().maxRecordBytes(), 1 << 20);
    for (int length = 0; length < most; length = length * 3 + 1) {
      model.append(log(), "x".repeat(length), "", "y".repeat(length));
    }
    model.append(log(), "z".repeat(most));
    model.assertIsIn(log());
  }

  @Test
  void everyByteValueIsKept() {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 256; c++) {
      all.append(c);
    }
    LogModel model = new LogModel();
    model.append(log(), all.toString(), "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    model.assertIsIn(log());
  }

  @Test
  void appendsThatNobodyWaitsForKeepTheirOrder() {
    Seed seed = Seed.next();
    Random random = seed.random();
    List<CompletionStage<Long>> answers = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String[] texts = new String[1 + random.nextInt(4)];
      for (int j = 0; j < texts.length; j++) {
        texts[j] = i + "." + j + "-".repeat(random.nextInt(200));
        all.add(texts[j]);
      }
      answers.add(log().append(batch(texts)));
      expected.add((long) all.size());
    }
    assertThat(answers.stream().map(LogModel::await).toList())
        .as(seed.toString())
        .isEqualTo(expected);
    for (int i = 0; i < all.size(); i++) {
      assertThat(text(log().read(i + 1L))).as(seed.toString()).isEqualTo(all.get(i));
    }
  }

  @Test
  void batchesOfManyThreadsStayWholeAndEachThreadsInOrder() {
    int threads = 6;
    int batches = 150;
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      Thread thread =
          new Thread(
              () -> {
                CompletionStage<Long> last = null;
                for (int b = 0; b < batches; b++) {
                  String name = number + ":" + b + ":";
                  last = log().append(batch(name + 0, name + 1, name + 2));
                }
                await(last);
              },
              "appending-" + t);
      thread.setUncaughtExceptionHandler((failed, failure) -> failures.add(failure));
      all.add(thread);
    }
    all.forEach(Thread::start);
    all.forEach(AppendingTests::join);
    assertThat(failures).isEmpty();
    assertThat(log().since().value()).isEqualTo(threads * batches * 3L);
    Map<String, Integer> next = new HashMap<>();
    for (long sequence = 1; sequence <= threads * batches * 3L; sequence += 3) {
      String[] parts = text(log().read(sequence)).split(":", -1);
      String name = parts[0] + ":" + parts[1] + ":";
      assertThat(parts[2]).isEqualTo("0");
      assertThat(text(log().read(sequence + 1))).isEqualTo(name + 1);
      assertThat(text(log().read(sequence + 2))).isEqualTo(name + 2);
      assertThat(Integer.parseInt(parts[1])).isEqualTo(next.getOrDefault(parts[0], 0));
      next.merge(parts[0], 1, Integer::sum);
    }
  }

  static void join(Thread thread) {
    try {
      thread.join(Patience.millis());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).as("thread %s still runs", thread.getName()).isFalse();
  }

  @Test
  void batchIsReadableWhenItsStageCompletes() {
    for (int i = 0; i < 100; i++) {
      String name = "record " + i;
      String seen =
          await(
              log()
                  .append(batch("before", name))
                  .thenApply(
                      last -> {
                        assertThat(log().since().value()).isGreaterThanOrEqualTo(last);
                        return text(log().read(last));
                      }));
      assertThat(seen).isEqualTo(name);
    }
  }

  @Test
  void sinceNeverGoesBackAndNeverRunsAheadOfWhatCanBeRead() {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Long> heard = new ArrayList<>();
    CompletableFuture<Long> all = new CompletableFuture<>();
    int total = 1_000;
    try (ObservableSequence.Registration heardAll =
        log()
            .since()
            .onAdvance(
                value -> {
                  heard.add(value);
                  try {
                    assertThat(log().since().value()).isGreaterThanOrEqualTo(value);
                    assertThat(text(log().read(value))).isEqualTo("record " + value);
                  } catch (AssertionError | RuntimeException e) {
                    failures.add(e);
                  }
                  if (value == total) {
                    all.complete(value);
                  }
                })) {
      assertThat(heardAll).isNotNull();
      for (int i = 1; i <= total; i++) {
        log().append(batch("record " + i));
      }
      await(all);
    }
    assertThat(failures).isEmpty();
    assertThat(heard).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void appendsMadeByWhatAnAppendCompletesAreTaken() {
    CompletionStage<Long> chain = log().append(batch("0"));
    for (int i = 1; i < 50; i++) {
      String name = Integer.toString(i);
      chain = chain.thenCompose(last -> log().append(batch(name)));
    }
    assertThat(await(chain)).isEqualTo(50);
    for (int i = 0; i < 50; i++) {
      assertThat(text(log().read(i + 1L))).isEqualTo(Integer.toString(i));
    }
  }

  @Test
  void waitForSequenceCompletesWhenItIsReached() {
    CompletableFuture<Long> third = log().since().whenAtLeast(3).toCompletableFuture();
    LogModel model = new LogModel();
    model.append(log(), "a", "b");
    assertThat(third).isNotDone();
    model.append(log(), "c", "d");
    assertThat(await(third)).isEqualTo(4);
    assertThat(await(log().since().whenAtLeast(1))).isEqualTo(4);
  }
}
