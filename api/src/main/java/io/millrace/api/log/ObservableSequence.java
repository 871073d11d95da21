package io.millrace.api.log;

import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/**
 * A sequence that only ever moves forward and can be watched: the last durable one of a log, or the
 * last one that a view has reached.
 *
 * <p>Safe for use by many threads. Stages and listeners are called on the thread that moves the
 * sequence and must return quickly; they never block.
 */
public interface ObservableSequence {
  /** The sequence now; 0 when nothing is there yet. */
  long value();

  /**
   * Completes with the value as soon as it is {@code sequence} or more, at once if it already is.
   *
   * @return a stage that fails with {@link io.millrace.api.error.UnavailableException} when what is
   *     observed is closed before; a future that is cancelled, or fails otherwise, is forgotten
   */
  CompletionStage<Long> whenAtLeast(long sequence);

  /**
   * Calls {@code listener} with each new value, or with the newest of several that came at once,
   * until the registration is closed.
   */
  Registration onAdvance(LongConsumer listener);

  /** Ends the calls to a listener. Closing twice does nothing. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
