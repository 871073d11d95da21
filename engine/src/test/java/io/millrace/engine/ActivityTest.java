package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.changes;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Activity;
import io.millrace.api.ActivityFilter;
import io.millrace.api.CommitFilter;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftBehind.class)
class ActivityTest {
  @TempDir Path folder;

  /** What the model remembers of a change; {@code life} tells the lives of a bucket apart. */
  private record Known(
      long sequence, String bucket, int life, String id, String author, CommitKind kind) {}

  @Test
  void rangesAndFiltersAgreeWithAModel() {
    Seed seed = Seed.next();
    Random random = seed.random();
    List<Known> model = new ArrayList<>();
    Map<String, Integer> lives = new HashMap<>();
    try (Database database = Use.memory(folder).open()) {
      for (int i = 0; i < 150; i++) {
        String bucket = "b" + random.nextInt(3);
        if (random.nextInt(25) == 0) {
          if (await(database.dropBucket(bucket, NOBODY)) > 0) {
            lives.merge(bucket, 1, Integer::sum);
          }
          continue;
        }
        String author = random.nextBoolean() ? "ann" : "bob";
        CommitKind kind = random.nextInt(4) == 0 ? CommitKind.ROLLBACK : CommitKind.WRITE;
        List<Edit> edits = new ArrayList<>();
        for (int e = 1 + random.nextInt(2); e > 0; e--) {
          edits.add(put(bucket, "d" + (random.nextInt(4) * 2 + e), "{}"));
        }
        await(database.commit(new CommitRequest(edits, new Attribution(author, null), kind)));
        long first = database.since().value() - edits.size() + 1;
        for (Edit edit : edits) {
          int life = lives.getOrDefault(bucket, 0);
          model.add(new Known(first++, bucket, life, edit.id(), author, kind));
        }
      }
      for (int i = 0; i < 1_500; i++) {
        check(seed, random, database, model, lives);
      }
    }
  }

  private static void check(
      Seed seed, Random random, Database database, List<Known> model, Map<String, Integer> lives) {
    long last = database.since().value();
    String bucket = random.nextInt(3) == 0 ? null : "b" + random.nextInt(4);
    SequenceRange range =
        new SequenceRange(
            random.nextInt((int) last + 3),
            random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextInt((int) last + 3),
            random.nextBoolean(),
            random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(10));
    ActivityFilter filter =
        new ActivityFilter(
            random.nextInt(3) == 0 ? "d" + random.nextInt(9) : null,
            new CommitFilter(
                random.nextInt(3) == 0 ? "ann" : null,
                null,
                random.nextInt(3) == 0 ? CommitKind.ROLLBACK : null,
                null,
                null),
            random.nextInt(3) == 0,
            random.nextBoolean());
    List<Long> expected = new ArrayList<>();
    for (Known known : model) {
      boolean latest =
          known.life() == lives.getOrDefault(known.bucket(), 0)
              && model.stream()
                  .noneMatch(
                      other ->
                          other.sequence() > known.sequence()
                              && other.bucket().equals(known.bucket())
                              && other.id().equals(known.id()));
      if ((bucket == null || bucket.equals(known.bucket()))
          && range.contains(known.sequence())
          && (filter.id() == null || filter.id().equals(known.id()))
          && (filter.commits().author() == null || filter.commits().author().equals(known.author()))
          && (filter.commits().kind() == null || filter.commits().kind() == known.kind())
          && (!filter.latestOnly() || latest)) {
        expected.add(known.sequence());
      }
    }
    if (range.reverse()) {
      Collections.reverse(expected);
    }
    expected = expected.subList(0, (int) Math.min(expected.size(), range.limit()));
    Activity activity = bucket == null ? database.activity() : database.bucket(bucket).activity();
    List<Change> found = changes(activity, range, filter);
    assertThat(found)
        .as("%s: %s %s %s", seed, bucket, range, filter)
        .extracting(Change::sequence)
        .isEqualTo(expected);
    assertThat(found).allMatch(change -> (change.body() != null) == filter.bodies());
  }

  @Test
  void whoWaitsForABucketIsWokenByThatBucket() {
    CompletableFuture<Long> afterTheEnd;
    Activity films;
    Activity never;
    try (Database database = Use.memory(folder).open()) {
      films = database.bucket("films").activity();
      never = database.bucket("never").activity();
      assertThat(films.sequence()).isZero();
      CompletableFuture<Long> first = films.whenBeyond(0).toCompletableFuture();
      CompletableFuture<Long> all = database.activity().whenBeyond(0).toCompletableFuture();
      done(database, put("other", "a", "{}"));
      assertThat(await(all)).isEqualTo(1);
      assertThat(first).isNotDone();
      await(database.createBucket("films", NOBODY));
      assertThat(first).isNotDone();
      done(database, put("films", "a", "{}"));
      assertThat(await(first)).isEqualTo(3);
      assertThat(films.whenBeyond(2).toCompletableFuture()).isCompletedWithValue(3L);
      CompletableFuture<Long> cancelled = films.whenBeyond(3).toCompletableFuture();
      CompletableFuture<Long> next = films.whenBeyond(3).toCompletableFuture();
      cancelled.cancel(false);
      done(database, delete("films", "a"));
      assertThat(await(next)).isEqualTo(4);
      await(database.dropBucket("films", NOBODY));
      CompletableFuture<Long> again = films.whenBeyond(4).toCompletableFuture();
      assertThat(again).isNotDone();
      done(database, put("films", "a", "{}"));
      assertThat(await(again)).isEqualTo(6);
      afterTheEnd = films.whenBeyond(6).toCompletableFuture();
    }
    assertThat(failure(afterTheEnd)).isInstanceOf(UnavailableException.class);
    assertThat(failure(films.whenBeyond(6))).isInstanceOf(UnavailableException.class);
    assertThat(failure(never.whenBeyond(0))).isInstanceOf(UnavailableException.class);
  }

  @Test
  @Timeout(60)
  void noChangeIsMissedByWaitingAndReading() throws InterruptedException {
    int last = 2_000;
    try (Database database = Use.memory(folder).open()) {
      List<Thread> followers = new ArrayList<>();
      AtomicBoolean wrong = new AtomicBoolean();
      for (int t = 0; t < 4; t++) {
        Activity activity = database.bucket("films").activity();
        Thread follower =
            new Thread(
                () -> {
                  long seen = 0;
                  while (seen < last) {
                    await(activity.whenBeyond(seen));
                    for (Change change :
                        changes(activity, SequenceRange.after(seen), ActivityFilter.none())) {
                      wrong.compareAndSet(false, change.sequence() != seen + 1);
                      seen = change.sequence();
                    }
                  }
                });
        followers.add(follower);
        follower.start();
      }
      for (int i = 0; i < last; i++) {
        database.commit(CommitRequest.write(List.of(put("films", "a", "{}")), NOBODY));
      }
      for (Thread follower : followers) {
        follower.join();
      }
      assertThat(wrong).isFalse();
    }
  }
}
