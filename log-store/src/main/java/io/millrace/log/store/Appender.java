package io.millrace.log.store;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.spi.Meters;
import io.millrace.spi.SettableSequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes.
 *
 * <p>It takes all appends that wait, writes them as one batch of the store, flushes once and then
 * answers them, in order. What comes meanwhile is the next group. The first failure takes the log
 * offline for good: what the store holds is unknown from then on.
 */
final class Appender implements Runnable {
  /** Beyond this, a group is written in several batches; a store's batch lies in memory. */
  private static final long MOST_GROUP_BYTES = 64L << 20;

  private final AppendQueue queue;
  private final Store store;
  private final StoredRecords records;
  private final ForcedNote note;
  private final SyncPolicy sync;
  private final SettableSequence since;
  private final Meters.Counter appendedBytes;
  private final Meters.Distribution recordsPerGroup;
  private final Meters.Distribution batchesPerForce;
  private final Meters.Distribution forceNanos;

  private long unforcedBatches;
  private long lastForce = System.nanoTime();
  private volatile @Nullable LogFailure failure;

  Appender(
      AppendQueue queue,
      Store store,
      StoredRecords records,
      ForcedNote note,
      SyncPolicy sync,
      SettableSequence since,
      Meters meters) {
    this.queue = queue;
    this.store = store;
    this.records = records;
    this.note = note;
    this.sync = sync;
    this.since = since;
    appendedBytes = meters.counter("log.append.bytes", "Bytes appended to the log");
    recordsPerGroup =
        meters.distribution(
            "log.append.records", "records", "Records that were written to the log together");
    batchesPerForce =
        meters.distribution(
            "log.batches.per.force", "batches", "Appends that one force made durable");
    forceNanos = meters.timer("log.force.duration", "How long forcing the log to disk took");
  }

  /** Why the log takes no more appends, or null. */
  @Nullable LogFailure failure() {
    return failure;
  }

  /** Whether there are answered records that were never forced; for when the thread has ended. */
  boolean isBehind() {
    return unforcedBatches > 0;
  }

  @Override
  public void run() {
    while (true) {
      boolean closed = queue.isClosed();
      List<PendingAppend> group = queue.take(closed ? 0 : nanosToForce());
      int from = 0;
      while (from < group.size()) {
        from = writePart(group, from);
      }
      if (closed && group.isEmpty()) {
        break;
      }
      if (nanosToForce() <= 0) {
        forceUnlessFailed();
      }
    }
    Thread.interrupted(); // left behind by what an answer called
    forceUnlessFailed();
  }

  /** How long appending may go on until the next force that is due by the clock. */
  private long nanosToForce() {
    if (sync.mode() != SyncPolicy.Mode.INTERVAL || unforcedBatches == 0 || failure != null) {
      return Long.MAX_VALUE;
    }
    return lastForce + sync.interval().toNanos() - System.nanoTime();
  }

  private void forceUnlessFailed() {
    if (failure == null && unforcedBatches > 0) {
      try {
        force(since.value());
      } catch (RuntimeException | Error e) {
        failure = new LogFailure(e);
      }
    }
  }

  /** Makes everything up to {@code last} durable. */
  private void force(long last) {
    long start = System.nanoTime();
    store.flush();
    note.note(last);
    lastForce = System.nanoTime();
    forceNanos.record(lastForce - start);
    batchesPerForce.record(unforcedBatches);
    unforcedBatches = 0;
  }

  /**
   * Writes some appends, at least one, and answers them.
   *
   * @return the index of the first one that is not answered yet
   */
  private int writePart(List<PendingAppend> group, int from) {
    LogFailure known = failure;
    if (known != null) {
      group.get(from).answer().completeExceptionally(known.refusal());
      return from + 1;
    }
    int to = from;
    long bytes = 0;
    do {
      bytes += group.get(to++).bytes();
    } while (to < group.size() && bytes + group.get(to).bytes() <= MOST_GROUP_BYTES);
    List<PendingAppend> part = group.subList(from, to);
    boolean written = false;
    try {
      long last = write(part);
      written = true;
      unforcedBatches += part.size();
      appendedBytes.add(bytes);
      recordsPerGroup.record(last - since.value());
      if (sync.forcesEachGroup()) {
        force(last);
      }
      answer(part, last);
    } catch (RuntimeException | Error e) {
      // An error, too, must not leave anybody without an answer.
      LogFailure now = new LogFailure(e);
      failure = now;
      boolean nothingWritten =
          !written && (e instanceof UnavailableException || e instanceof InvalidRequestException);
      for (PendingAppend append : part) {
        append
            .answer()
            .completeExceptionally(nothingWritten ? now.refusal() : now.unknownOutcome());
      }
    }
    return to;
  }

  private long write(List<PendingAppend> part) {
    long sequence = since.value();
    try (StoreBatch batch = store.batch()) {
      for (PendingAppend append : part) {
        for (byte[] one : append.records()) {
          records.put(batch, ++sequence, one);
        }
      }
      store.write(batch);
    }
    return sequence;
  }

  private void answer(List<PendingAppend> part, long last) {
    long sequence = since.value();
    since.advance(last);
    for (PendingAppend append : part) {
      sequence += append.records().size();
      append.answer().complete(sequence);
    }
  }
}
