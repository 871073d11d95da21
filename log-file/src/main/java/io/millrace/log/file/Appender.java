package io.millrace.log.file;

import io.millrace.spi.SettableSequence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes.
 *
 * <p>It takes all batches that wait, writes them together, forces them together and then answers
 * them, in order. What comes meanwhile is the next group. The first failure of a write or a force
 * takes the log offline for good: what the file holds is unknown from then on.
 */
final class Appender implements Runnable {
  private static final int BUFFER_BYTES = 256 << 10;

  private final AppendQueue queue;
  private final LogFolder folder;
  private final LogOptions options;
  private final Segments segments;
  private final SettableSequence since;
  private final LogMeters meters;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /** Held while forcing, and while the writer changes. */
  private final ReentrantLock forcing = new ReentrantLock();

  /** Null until the first append, so that opening and closing a log changes nothing. */
  private @Nullable SegmentWriter writer;

  /** The last sequence that was forced; moves with {@link #forcing} held. */
  private volatile long durable;

  /** The last sequence that was written and answered. */
  private volatile long written;

  private volatile @Nullable LogFailure failure;

  Appender(
      AppendQueue queue,
      LogFolder folder,
      LogOptions options,
      Segments segments,
      SettableSequence since,
      LogMeters meters) {
    this.queue = queue;
    this.folder = folder;
    this.options = options;
    this.segments = segments;
    this.since = since;
    this.meters = meters;
    this.durable = since.value();
    this.written = since.value();
  }

  /** Why the log takes no more appends, or null. */
  @Nullable LogFailure failure() {
    return failure;
  }

  /** Whether there are answered records that were never forced. */
  boolean isBehind() {
    return durable < written;
  }

  @Override
  public void run() {
    List<PendingAppend> group = List.of();
    List<PendingAppend> spare = new ArrayList<>();
    while (!(group = queue.take(spare)).isEmpty()) {
      // Left behind by what an answer called; it would close the file.
      Thread.interrupted();
      writeGroup(group);
      group.clear();
      spare = group;
    }
    Thread.interrupted();
    finish();
  }

  private void writeGroup(List<PendingAppend> group) {
    int from = 0;
    while (from < group.size()) {
      LogFailure known = failure;
      if (known != null) {
        for (PendingAppend refused : group.subList(from, group.size())) {
          refused.answer().completeExceptionally(known.refusal());
        }
        return;
      }
      from = group.get(from).isNewSegment() ? beginSegment(group, from) : writePart(group, from);
    }
  }

  /** Finishes the last segment, though there is room in it, unless it is empty. */
  private int beginSegment(List<PendingAppend> group, int from) {
    try {
      SegmentWriter open = writerFor(0);
      if (!open.isEmpty()) {
        roll(open);
      }
      group.get(from).answer().complete(since.value());
      return from + 1;
    } catch (IOException | RuntimeException | Error e) {
      fail(e, group.subList(from, group.size()), 0, null, 0);
      return group.size();
    }
  }

  /**
   * Writes as many batches as the segment takes.
   *
   * @return the index of the first batch that is not answered yet
   */
  private int writePart(List<PendingAppend> group, int from) {
    int touched = from;
    SegmentWriter open = null;
    int recordsBefore = 0;
    try {
      open = writerFor(group.get(from).bytes());
      recordsBefore = open.records();
      long bytes = 0;
      int to = from;
      do {
        bytes += group.get(to++).bytes();
      } while (to < group.size()
          && !group.get(to).isNewSegment()
          && open.fits(bytes + group.get(to).bytes()));
      open.reserve(bytes);
      long forced = durable;
      for (PendingAppend append : group.subList(from, to)) {
        touched++;
        put(open, append, forced);
      }
      open.flush();
      meters.written(bytes, open.records() - recordsBefore, to - from);
      long last = open.nextSequence() - 1;
      if (options.sync().forcesEachGroup()) {
        meters.force(open, 0);
        durable = last;
      }
      answer(group, from, to, last);
      return to;
    } catch (IOException | RuntimeException | Error e) {
      // An error, too, must not leave anybody without an answer.
      fail(e, group.subList(from, group.size()), touched - from, open, recordsBefore);
      return group.size();
    }
  }

  private static void put(SegmentWriter open, PendingAppend append, long forced)
      throws IOException {
    List<byte[]> records = append.records();
    int last = records.size() - 1;
    for (int i = 0; i <= last; i++) {
      open.add(records.get(i), i == last, forced);
    }
  }

  private void answer(List<PendingAppend> group, int from, int to, long last) {
    written = last;
    long sequence = since.value();
    since.advance(last);
    for (PendingAppend append : group.subList(from, to)) {
      sequence += append.records().size();
      append.answer().complete(sequence);
    }
  }

  /** The writer of a segment that takes {@code bytes} more. */
  private SegmentWriter writerFor(long bytes) throws IOException {
    SegmentWriter open = writer;
    if (open == null) {
      Segment last = segments.last();
      boolean finished = last.isFinished();
      open = new SegmentWriter(folder, last.header(), last.grow(), options, buffer);
      if (finished) {
        open.removeFooter();
      }
      forcing.lock();
      writer = open;
      forcing.unlock();
    }
    return open.isEmpty() || open.fits(bytes) ? open : roll(open);
  }

  /**
   * Begins a new segment. It exists before the old one gets its footer, so that a segment that says
   * that another follows is always right.
   */
  private SegmentWriter roll(SegmentWriter full) throws IOException {
    forcing.lock();
    try {
      if (isBehind()) {
        meters.force(full, 0);
        durable = written;
      }
      Segment old = segments.last();
      Segment begun = folder.createSegment(old.header().incarnation(), full.nextSequence());
      segments.add(begun);
      old.finish(full.finish(SegmentFooter.Kind.ROLLED), full.positions());
      full.close();
      SegmentWriter open = new SegmentWriter(folder, begun.header(), begun.grow(), options, buffer);
      writer = open;
      return open;
    } finally {
      forcing.unlock();
    }
  }

  /** Takes the log offline and answers {@code unanswered}, the first of which were touched. */
  private void fail(
      Throwable cause,
      List<PendingAppend> unanswered,
      int touched,
      @Nullable SegmentWriter open,
      int recordsBefore) {
    LogFailure known = LogFailure.of(cause);
    failure = known;
    int unknown = touched;
    if (known.full() && touched > 0 && open != null) {
      try {
        open.cutBackTo(recordsBefore);
        unknown = 0;
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
    int index = 0;
    for (PendingAppend append : unanswered) {
      append
          .answer()
          .completeExceptionally(index++ < unknown ? known.unknownOutcome() : known.refusal());
    }
  }

  /** Forces what was written, as the timer does; a failure takes the log offline. */
  void forceInBackground() {
    forcing.lock();
    try {
      SegmentWriter open = writer;
      long last = written;
      if (open != null && failure == null && durable < last) {
        meters.force(open, 0);
        durable = last;
      }
    } catch (IOException e) {
      failure = LogFailure.of(e);
    } finally {
      forcing.unlock();
    }
  }

  private void finish() {
    SegmentWriter open = writer;
    try {
      if (failure == null) {
        finishLast(open);
      }
    } catch (IOException | RuntimeException | Error e) {
      failure = LogFailure.of(e);
    } finally {
      close(open);
    }
  }

  private void finishLast(@Nullable SegmentWriter written) throws IOException {
    Segment last = segments.last();
    if (last.isFinished()) {
      return;
    }
    SegmentWriter open =
        written != null
            ? written
            : new SegmentWriter(folder, last.header(), last.grow(), options, buffer);
    try {
      if (isBehind()) {
        meters.force(open, 0);
        durable = this.written;
      }
      last.finish(open.finish(SegmentFooter.Kind.CLOSED), open.positions());
    } finally {
      if (written == null) {
        open.close();
      }
    }
  }

  private void close(@Nullable SegmentWriter open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      if (failure == null) {
        failure = LogFailure.of(e);
      }
    }
  }
}
