package io.millrace.tck.faults;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.Patience;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A log that {@link LogBatches} are appended to. */
final class LogSession implements Session {
  private final Log log;
  private final LogBatches batches = new LogBatches(Subject.SEED);
  private final Deque<CompletionStage<Long>> unanswered = new ArrayDeque<>();
  private @Nullable CorruptionException damage;

  LogSession(Log log) {
    this.log = log;
  }

  @Override
  public void write(int number) {
    unanswered.add(log.append(batches.batch(number)));
  }

  @Override
  public void force() {
    while (!unanswered.isEmpty()) {
      await(unanswered.remove());
    }
  }

  private static void await(CompletionStage<Long> answer) {
    try {
      answer.toCompletableFuture().get(Patience.millis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MillraceException refusal) {
        throw refusal;
      }
      throw new AssertionError("an append failed with a foreign exception", e);
    } catch (TimeoutException e) {
      throw new AssertionError("an append is never answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public Finding read(int most) {
    damage = null;
    long since = log.since().value();
    int count = batches.countOf(since, most);
    List<byte[]> expected = batches.records(count);
    walk(SequenceRange.all(), expected);
    walk(SequenceRange.all().reversed(true), expected);
    for (int i = 0; i < expected.size(); i++) {
      try {
        require(i + 1L, expected, ByteBuffer.wrap(log.read(i + 1L)));
      } catch (CorruptionException e) {
        damaged(e);
      }
    }
    return new Finding(count, damage);
  }

  private void walk(SequenceRange range, List<byte[]> expected) {
    int seen = 0;
    try (LogCursor cursor = log.read(range)) {
      while (cursor.advance()) {
        long next = range.reverse() ? expected.size() - seen : seen + 1L;
        if (cursor.sequence() != next) {
          throw new AssertionError("record " + cursor.sequence() + " comes instead of " + next);
        }
        require(next, expected, cursor.current());
        seen++;
      }
    } catch (CorruptionException e) {
      damaged(e);
      return;
    }
    if (seen != expected.size()) {
      throw new AssertionError("a walk ends after " + seen + " of " + expected.size() + " records");
    }
  }

  private static void require(long sequence, List<byte[]> expected, ByteBuffer found) {
    if (!ByteBuffer.wrap(expected.get((int) sequence - 1)).equals(found)) {
      throw new AssertionError("record " + sequence + " is not what was appended");
    }
  }

  private void damaged(CorruptionException e) {
    if (e.place().isBlank()) {
      throw new AssertionError("damage is reported without its place", e);
    }
    damage = e;
  }

  @Override
  public void close() {
    log.close();
  }
}
