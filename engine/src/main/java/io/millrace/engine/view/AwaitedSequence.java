package io.millrace.engine.view;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.ObservableSequence;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a build has reached, for those who wait for it: while its input stands still they are
 * refused, and told why. The build itself goes on when its input does. Safe for use by many
 * threads.
 */
final class AwaitedSequence implements ObservableSequence {
  private final ObservableSequence reached;
  private final Supplier<@Nullable UnavailableException> standstill;
  private final Set<CompletableFuture<Long>> waiting = ConcurrentHashMap.newKeySet();

  /**
   * @param standstill why nobody should wait now; null when one may
   */
  AwaitedSequence(ObservableSequence reached, Supplier<@Nullable UnavailableException> standstill) {
    this.reached = reached;
    this.standstill = standstill;
  }

  @Override
  public long value() {
    return reached.value();
  }

  /** Fails with the standstill, too. */
  @Override
  public CompletionStage<Long> whenAtLeast(long sequence) {
    CompletableFuture<Long> stage = reached.whenAtLeast(sequence).toCompletableFuture();
    if (!stage.isDone()) {
      waiting.add(stage);
      stage.whenComplete((value, failure) -> waiting.remove(stage));
      // One that began before this was added has not seen it.
      refuse();
    }
    return stage;
  }

  @Override
  public Registration onAdvance(LongConsumer listener) {
    return reached.onAdvance(listener);
  }

  /** Refuses those who wait if there is a reason to. */
  void refuse() {
    UnavailableException reason = waiting.isEmpty() ? null : standstill.get();
    if (reason != null) {
      List.copyOf(waiting).forEach(stage -> stage.completeExceptionally(reason));
    }
  }
}
