package io.millrace.tck.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.LogRewriting;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Records can be taken back without any other noticing. */
abstract class RewritingTests extends LogGroup {
  private static final String ERASED = "erased";

  RewritingTests(LogTck kit) {
    super(kit);
  }

  /** Erases the records with these sequences. */
  private static final class Erasing implements LogRewriting {
    private final Set<Long> erased;
    private long worked;

    Erasing(Set<Long> erased) {
      this.erased = erased;
    }

    @Override
    public boolean concerns(long first, long last) {
      return erased.stream().anyMatch(sequence -> sequence >= first && sequence <= last);
    }

    @Override
    public byte[] keep(long sequence, byte[] record) {
      boolean stays = !erased.contains(sequence) || LogModel.text(record).equals(ERASED);
      return stays ? record : LogModel.bytes(ERASED);
    }

    @Override
    public void worked(long bytes, long reclaimed) {
      assertThat(bytes).isNotNegative();
      worked += bytes;
    }
  }

  /** Whether the log rewrites itself; that it says so when it does not. */
  private boolean rewrites() {
    if (!fixture().canRewrite()) {
      assertThatThrownBy(() -> log().rewrite(1, new Erasing(Set.of(1L))))
          .isInstanceOfSatisfying(
              UnsupportedException.class,
              refused -> assertThat(refused.code()).isEqualTo("compaction-unsupported"));
      return false;
    }
    return true;
  }

  private LogModel fill(Random random, int batches) {
    LogModel model = new LogModel();
    for (int i = 0; i < batches; i++) {
      String[] texts = new String[1 + random.nextInt(3)];
      for (int j = 0; j < texts.length; j++) {
        texts[j] = "secret " + i + "." + j + "x".repeat(random.nextInt(400));
      }
      model.append(log(), texts);
    }
    return model;
  }

  private static Set<Long> some(Random random, int size, int count) {
    Set<Long> chosen = new TreeSet<>();
    while (chosen.size() < count) {
      chosen.add(1L + random.nextInt(size));
    }
    return chosen;
  }

  private static void erase(LogModel model, Set<Long> sequences) {
    sequences.forEach(sequence -> model.rewrite(sequence, ERASED));
  }

  @Test
  void recordsAreReplacedAndNothingElseChanges() {
    if (!rewrites()) {
      return;
    }
    Seed seed = Seed.next();
    Random random = seed.random();
    LogModel model = fill(random, 60);
    for (int round = 0; round < 3; round++) {
      Set<Long> erased = some(random, model.size(), 12);
      Erasing erasing = new Erasing(erased);
      log().rewrite(Long.MAX_VALUE, erasing);
      assertThat(erasing.worked).as(seed.toString()).isPositive();
      erase(model, erased);
      model.assertIsIn(log());
      model.append(log(), "after " + round, "and more");
      model.assertIsIn(log());
    }
    if (fixture().keepsRecords()) {
      model.assertIsIn(reopen());
      model.append(log(), "after all");
      model.assertIsIn(log());
    }
  }

  @Test
  void rewritingSurvivesACrash() {
    if (!rewrites() || !fixture().canCrash()) {
      return;
    }
    LogModel model = fill(new Random(1), 30);
    Set<Long> erased = Set.of(1L, 7L, 8L, 20L, (long) model.size());
    log().rewrite(Long.MAX_VALUE, new Erasing(erased));
    erase(model, erased);
    model.assertIsIn(crashAndOpen());
    model.append(log(), "after");
    model.assertIsIn(log());
  }

  @Test
  void nothingBehindTheBoundChanges() {
    if (!rewrites()) {
      return;
    }
    LogModel model = fill(new Random(2), 40);
    log().rewrite(10, new Erasing(Set.of(3L, 10L, 11L, 30L)));
    erase(model, Set.of(3L, 10L));
    model.assertIsIn(log());
    log().rewrite(0, new Erasing(Set.of(1L)));
    model.assertIsIn(log());
  }

  @Test
  void rewritingAgainChangesNothing() {
    if (!rewrites()) {
      return;
    }
    LogModel model = fill(new Random(3), 20);
    Set<Long> erased = Set.of(2L, 9L);
    log().rewrite(Long.MAX_VALUE, new Erasing(erased));
    log().rewrite(Long.MAX_VALUE, new Erasing(erased));
    erase(model, erased);
    model.assertIsIn(log());
  }

  @Test
  void whatTheCallerThrowsEndsTheRewritingAndTearsNothing() {
    if (!rewrites()) {
      return;
    }
    LogModel model = fill(new Random(4), 40);
    IllegalStateException enough = new IllegalStateException("enough");
    LogRewriting failing =
        new LogRewriting() {
          @Override
          public boolean concerns(long first, long last) {
            return true;
          }

          @Override
          public byte[] keep(long sequence, byte[] record) {
            if (sequence == 35) {
              throw enough;
            }
            return LogModel.bytes(ERASED);
          }

          @Override
          public void worked(long bytes, long reclaimed) {}
        };
    assertThatThrownBy(() -> log().rewrite(Long.MAX_VALUE, failing)).isSameAs(enough);
    List<LogModel.Numbered> found = LogModel.read(log(), SequenceRange.all());
    assertThat(found).hasSize(model.size());
    int whole = 0;
    while (found.get(whole).record().equals(ERASED)) {
      whole++;
      model.rewrite(whole, ERASED);
    }
    assertThat(whole).isLessThan(35);
    model.assertIsIn(log());
    log().rewrite(Long.MAX_VALUE, new Erasing(Set.of(35L)));
    model.rewrite(35, ERASED);
    model.assertIsIn(log());
  }

  @Test
  void readersAndAppendsGoOnMeanwhile() throws InterruptedException {
    if (!rewrites()) {
      return;
    }
    Seed seed = Seed.next();
    LogModel model = fill(seed.random(), 80);
    int before = model.size();
    AtomicBoolean done = new AtomicBoolean();
    List<String> wrong = new ArrayList<>();
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                readAll(log(), model, before, wrong);
              }
            });
    CompletableFuture<List<String>> followed = new CompletableFuture<>();
    Thread follower = new Thread(() -> follow(log(), before + 20, followed), "following");
    follower.start();
    for (int i = 0; i < 20; i++) {
      log().rewrite(Long.MAX_VALUE, new Erasing(some(seed.random(), before, 3)));
      LogModel.await(log().append(LogModel.batch("new " + i)));
    }
    done.set(true);
    LogModel.await(reading);
    List<String> seen = LogModel.await(followed);
    follower.join();
    assertThat(wrong).as(seed.toString()).isEmpty();
    assertThat(seen).hasSize(before + 20);
    for (int i = 0; i < before; i++) {
      assertThat(seen.get(i)).as(seed.toString()).isIn(model.at(i + 1L), ERASED);
    }
  }

  private static void readAll(Log log, LogModel model, int count, List<String> wrong) {
    for (boolean backwards : new boolean[] {false, true}) {
      int found = 0;
      SequenceRange range = SequenceRange.all().lte(count).reversed(backwards);
      try (LogCursor cursor = log.read(range)) {
        while (cursor.advance()) {
          found++;
          check(cursor.sequence(), LogModel.text(cursor.current()), model, wrong);
          check(cursor.sequence(), LogModel.text(log.read(cursor.sequence())), model, wrong);
        }
      }
      if (found != count) {
        wrong.add("a walk met " + found + " of " + count);
      }
    }
  }

  private static void check(long sequence, String text, LogModel model, List<String> wrong) {
    if (!text.equals(ERASED) && !text.equals(model.at(sequence))) {
      wrong.add(sequence + ": " + text);
    }
  }

  private static void follow(Log log, int count, CompletableFuture<List<String>> answer) {
    List<String> seen = new ArrayList<>();
    try (LogCursor tail = log.tail(SequenceRange.all().limited(count))) {
      while (tail.advance()) {
        seen.add(LogModel.text(tail.current()));
      }
      answer.complete(seen);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  @Test
  void closedLogRefusesToBeRewritten() {
    if (!rewrites()) {
      return;
    }
    log().close();
    assertThatThrownBy(() -> log().rewrite(1, new Erasing(Set.of(1L))))
        .isInstanceOf(UnavailableException.class);
  }
}
