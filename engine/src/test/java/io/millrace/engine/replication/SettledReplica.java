package io.millrace.engine.replication;

import io.millrace.api.log.Incarnation;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A real replica in simulated time: what its threads do is waited for, and then happens when chance
 * says so.
 */
final class SettledReplica implements Replica {
  private static final long PATIENCE_SECONDS = 30;

  private final Replica real;
  private final SimulatedLoop loop;
  private final RandomGenerator random;
  private final List<Waiting> waiting = new ArrayList<>();

  private record Waiting(long sequence, CompletableFuture<Long> reached) {}

  SettledReplica(Replica real, SimulatedLoop loop, RandomGenerator random) {
    this.real = real;
    this.loop = loop;
    this.random = random;
  }

  private <T extends @Nullable Object> CompletionStage<T> later(Supplier<CompletionStage<T>> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.elsewhere(
        random.nextInt(5),
        () -> {
          CompletableFuture<T> settled =
              work.get().toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
          settled.handle((value, failure) -> true).join();
          grown();
          loop.elsewhere(
              random.nextInt(5),
              () ->
                  settled.whenComplete(
                      (value, failure) -> {
                        if (failure == null) {
                          done.complete(value);
                        } else {
                          done.completeExceptionally(failure);
                        }
                      }));
        });
    return done;
  }

  /** Something may have been written. */
  void grown() {
    for (Waiting each : List.copyOf(waiting)) {
      if (each.sequence() <= real.since()) {
        waiting.remove(each);
        loop.elsewhere(random.nextInt(5), () -> each.reached().complete(real.since()));
      }
    }
  }

  @Override
  public UUID database() {
    return real.database();
  }

  @Override
  public Incarnation incarnation() {
    return real.incarnation();
  }

  @Override
  public long since() {
    return real.since();
  }

  @Override
  public CompletionStage<Long> whenAtLeast(long sequence) {
    CompletableFuture<Long> reached = new CompletableFuture<>();
    waiting.add(new Waiting(sequence, reached));
    grown();
    return reached;
  }

  @Override
  public CompletionStage<Boolean> recognises(Anchor anchor) {
    return later(() -> real.recognises(anchor));
  }

  @Override
  public CompletionStage<Changes> changes(long after, Selection selection, int limit) {
    return later(() -> real.changes(after, selection, limit));
  }

  @Override
  public CompletionStage<List<Wanted>> missing(
      List<OfferedDocument> documents, Selection selection) {
    return later(() -> real.missing(documents, selection));
  }

  @Override
  public CompletionStage<Answer> read(List<Wanted> wanted, Selection selection, long maxBytes) {
    return later(() -> real.read(wanted, selection, maxBytes));
  }

  @Override
  public CompletionStage<Void> insert(List<Sent> revisions) {
    return later(() -> real.insert(revisions));
  }

  @Override
  public @Nullable PullCheckpoint checkpoint(UUID source, Selection selection) {
    return real.checkpoint(source, selection);
  }

  @Override
  public CompletionStage<Void> saveCheckpoint(
      UUID source, Selection selection, PullCheckpoint checkpoint) {
    return later(() -> real.saveCheckpoint(source, selection, checkpoint));
  }
}
