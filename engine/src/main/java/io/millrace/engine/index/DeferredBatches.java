package io.millrace.engine.index;

import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Batches that another thread fills at once, and writes in their order when something has happened;
 * if that fails, or one of them does, none that follows is written.
 *
 * <p>Filled by one thread.
 */
final class DeferredBatches {
  /** How many wait at most; then whoever brings another one waits. */
  private static final int MOST = 24;

  private final Store store;
  private final Executor thread;
  private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>(MOST + 1);
  private CompletableFuture<?> last;

  /**
   * @param start what must have happened before the first one is written
   * @param thread runs one thing after the other
   */
  DeferredBatches(Store store, CompletionStage<?> start, Executor thread) {
    this.store = store;
    this.thread = thread;
    this.last = start.toCompletableFuture();
  }

  /**
   * Adds a batch.
   *
   * @param filling fills it, on the other thread
   * @throws MillraceException when an earlier one could not be written, or the start failed
   */
  void add(Consumer<StoreBatch> filling) {
    CompletableFuture<StoreBatch> filled =
        CompletableFuture.supplyAsync(() -> filled(filling), thread);
    CompletableFuture<Void> written =
        last.handleAsync((done, failure) -> write(filled.join(), failure), thread);
    last = written;
    waiting.add(written);
    if (waiting.size() > MOST) {
      await(waiting.removeFirst());
    }
  }

  private StoreBatch filled(Consumer<StoreBatch> filling) {
    StoreBatch batch = store.batch();
    try {
      filling.accept(batch);
      return batch;
    } catch (RuntimeException | Error e) {
      batch.close();
      throw e;
    }
  }

  private @Nullable Void write(StoreBatch batch, @Nullable Throwable failure) {
    try (batch) {
      if (failure != null) {
        throw failure instanceof CompletionException known
            ? known
            : new CompletionException(failure);
      }
      store.write(batch);
      return null;
    }
  }

  /**
   * Waits until all are written.
   *
   * @throws MillraceException as {@link #add}
   */
  void finish() {
    await(last);
  }

  /** Waits until nothing is going to be written any more. */
  void settle() {
    last.handle((done, failure) -> null).join();
  }

  private static void await(CompletableFuture<?> written) {
    try {
      written.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MillraceException known) {
        throw known;
      }
      throw new InternalException("index-failed", "the index was not written: " + e.getCause(), e);
    }
  }
}
