package io.millrace.spi;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.ObservableSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/**
 * The sequence behind an {@link ObservableSequence}, for those who move it.
 *
 * <p>{@link #advance} is for one thread at a time; everything else is safe for many.
 */
public final class SettableSequence implements ObservableSequence {
  private final String what;
  private final CopyOnWriteArrayList<LongConsumer> listeners = new CopyOnWriteArrayList<>();

  /** Those who wait, by what they wait for; guarded by itself. */
  private final TreeMap<Long, List<CompletableFuture<Long>>> waiting = new TreeMap<>();

  /** The lowest key of {@link #waiting}, so that advancing without anyone waiting takes no lock. */
  private volatile long lowestAwaited = Long.MAX_VALUE;

  private volatile long value;
  private volatile boolean closed;

  /**
   * @param what the thing whose sequence this is, for messages, for example {@code the log}
   */
  public SettableSequence(String what, long value) {
    this.what = what;
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }

  /**
   * Moves forward to {@code next}; does nothing when it is already there or beyond.
   *
   * <p>The value is visible before any stage completes or listener is called.
   */
  public void advance(long next) {
    if (next <= value) {
      return;
    }
    value = next;
    if (lowestAwaited <= next) {
      List<CompletableFuture<Long>> reached = new ArrayList<>();
      synchronized (waiting) {
        Map<Long, List<CompletableFuture<Long>>> head = waiting.headMap(next, true);
        head.values().forEach(reached::addAll);
        head.clear();
        lowestAwaited = waiting.isEmpty() ? Long.MAX_VALUE : waiting.firstKey();
      }
      reached.forEach(future -> future.complete(next));
    }
    for (LongConsumer listener : listeners) {
      listener.accept(next);
    }
  }

  @Override
  public CompletionStage<Long> whenAtLeast(long sequence) {
    long now = value;
    if (now >= sequence) {
      return CompletableFuture.completedFuture(now);
    }
    CompletableFuture<Long> future = new CompletableFuture<>();
    synchronized (waiting) {
      if (closed) {
        return CompletableFuture.failedFuture(closedException());
      }
      waiting.computeIfAbsent(sequence, key -> new ArrayList<>(1)).add(future);
      lowestAwaited = waiting.firstKey();
    }
    // An advance between the first look and the registration has not seen this future.
    now = value;
    if (now >= sequence && forget(sequence, future)) {
      future.complete(now);
    }
    future.whenComplete(
        (reached, failure) -> {
          if (failure != null) {
            forget(sequence, future);
          }
        });
    return future;
  }

  @Override
  public Registration onAdvance(LongConsumer listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Fails all who wait and all who will. Closing twice does nothing. */
  public void close() {
    List<CompletableFuture<Long>> abandoned = new ArrayList<>();
    synchronized (waiting) {
      closed = true;
      waiting.values().forEach(abandoned::addAll);
      waiting.clear();
      lowestAwaited = Long.MAX_VALUE;
    }
    abandoned.forEach(future -> future.completeExceptionally(closedException()));
    listeners.clear();
  }

  private boolean forget(long sequence, CompletableFuture<Long> future) {
    synchronized (waiting) {
      List<CompletableFuture<Long>> same = waiting.get(sequence);
      if (same == null || !same.remove(future)) {
        return false;
      }
      if (same.isEmpty()) {
        waiting.remove(sequence);
        lowestAwaited = waiting.isEmpty() ? Long.MAX_VALUE : waiting.firstKey();
      }
      return true;
    }
  }

  private UnavailableException closedException() {
    return new UnavailableException("closed", what + " was closed while waiting for a sequence");
  }
}
