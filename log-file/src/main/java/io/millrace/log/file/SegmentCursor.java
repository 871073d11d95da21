package io.millrace.log.file;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A walk over records that are durable already, read in blocks. For one thread at a time. */
final class SegmentCursor implements LogCursor {
  private final SegmentedLog log;
  private final FrameCodec codec = new FrameCodec();
  private final boolean reverse;

  /** What {@link #advance()} moves to, if there is more. */
  private long next;

  /** The last sequence in the direction of the walk. */
  private long bound;

  private long remaining;
  private long current;
  private boolean closed;

  /** The block holds the records from {@code blockFirst} to {@code blockLast} of the segment. */
  private @Nullable Segment segment;

  private @Nullable Positions positions;
  private @Nullable ByteBuffer block;
  private @Nullable ByteBuffer view;
  private long blockFirst = 1;
  private long blockLast;
  private long blockStart;

  /** Walks from {@code next} to {@code bound}, both included; over nothing when they are past. */
  SegmentCursor(SegmentedLog log, long next, long bound, boolean reverse, long limit) {
    this.log = log;
    this.next = next;
    this.bound = bound;
    this.reverse = reverse;
    this.remaining = limit;
  }

  /** Lets a forward walk go on to {@code newBound}. */
  void extendTo(long newBound) {
    bound = newBound;
  }

  @Override
  public boolean advance() {
    current = 0;
    if (closed) {
      throw new UnavailableException("cursor-closed", "the cursor over the log is closed");
    }
    log.checkOpen();
    if (remaining == 0 || (reverse ? next < bound : next > bound)) {
      releaseBlock();
      return false;
    }
    showWhatIsThere(next);
    current = next;
    next += reverse ? -1 : 1;
    remaining--;
    return true;
  }

  /** Makes {@link #view} span the record, also when its segment is being replaced. */
  private void showWhatIsThere(long sequence) {
    Segment in = log.segment(sequence);
    while (true) {
      try {
        if (!show(sequence)) {
          showAfterDoubt(sequence);
        }
        return;
      } catch (IOException e) {
        in = log.replacementOf(in, sequence, in.unreadable(sequence, e));
      } catch (CorruptionException e) {
        in = log.replacementOf(in, sequence, e);
      }
      blockFirst = 1;
      blockLast = 0;
    }
  }

  /** Makes {@link #view} span the record, unless its frame is not intact. */
  private boolean show(long sequence) throws IOException {
    if ((sequence < blockFirst || sequence > blockLast) && !fill(sequence)) {
      return false;
    }
    Segment in = segment;
    Positions known = positions;
    ByteBuffer bytes = block;
    ByteBuffer shown = view;
    if (in == null || known == null || bytes == null || shown == null) {
      throw new IllegalStateException("no block");
    }
    int index = (int) (sequence - in.firstSequence());
    long start = known.position(index) - blockStart;
    long end = known.position(index + 1) - blockStart;
    if (start < 0 || end - start < FrameCodec.HEADER_BYTES || end > bytes.capacity()) {
      return false;
    }
    bytes.clear();
    if (!codec.isIntact(bytes, (int) start, (int) (end - start), index, in.header().mask())) {
      return false;
    }
    shown.limit((int) end).position((int) start + FrameCodec.HEADER_BYTES);
    return true;
  }

  private void showAfterDoubt(long sequence) throws IOException {
    Segment in = log.segment(sequence);
    Positions doubtful = in.positions();
    blockLast = 0;
    if (in.doubt(doubtful) == null || !show(sequence)) {
      blockLast = 0;
      throw in.damaged(sequence, doubtful.position((int) (sequence - in.firstSequence())));
    }
  }

  /** Reads the block that begins, or in reverse ends, with {@code sequence}. */
  private boolean fill(long sequence) throws IOException {
    blockFirst = 1;
    blockLast = 0;
    Segment in = log.segment(sequence);
    Positions known = in.positions();
    int index = (int) (sequence - in.firstSequence());
    long most = remaining - 1;
    int first = index;
    int last = index;
    if (reverse) {
      long lowest = Math.max(Math.max(bound, in.firstSequence()), sequence - most);
      first = lowestWithin(known, (int) (lowest - in.firstSequence()), index);
    } else {
      long highest = Math.min(bound, in.lastSequence());
      highest = most < highest - sequence ? sequence + most : highest;
      last = highestWithin(known, index, (int) (highest - in.firstSequence()));
    }
    long start = known.position(first);
    long length = known.position(last + 1) - start;
    if (!Segment.isPossible(start, length)) {
      return false;
    }
    ByteBuffer bytes = blockOf((int) length);
    bytes.clear().limit((int) length);
    if (!in.read(bytes, start)) {
      return false;
    }
    segment = in;
    positions = known;
    blockStart = start;
    blockFirst = in.firstSequence() + first;
    blockLast = in.firstSequence() + last;
    return true;
  }

  private static int highestWithin(Positions known, int from, int to) {
    long start = known.position(from);
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (known.position(middle + 1) - start <= BlockPool.BLOCK_BYTES) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static int lowestWithin(Positions known, int from, int to) {
    long end = known.position(to + 1);
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end - known.position(middle) <= BlockPool.BLOCK_BYTES) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private ByteBuffer blockOf(int length) {
    ByteBuffer now = block;
    boolean fits = length <= BlockPool.BLOCK_BYTES;
    if (now == null || !fits || now.capacity() != BlockPool.BLOCK_BYTES) {
      releaseBlock();
      now = fits ? log.blocks().take() : ByteBuffer.allocate(length);
      block = now;
      view = now.asReadOnlyBuffer();
    }
    return now;
  }

  /** Gives the memory back until the walk goes on. */
  void releaseBlock() {
    ByteBuffer now = block;
    if (now != null && now.capacity() == BlockPool.BLOCK_BYTES) {
      log.blocks().giveBack(now);
    }
    block = null;
    view = null;
    segment = null;
    positions = null;
    blockFirst = 1;
    blockLast = 0;
  }

  @Override
  public ByteBuffer current() {
    ByteBuffer shown = view;
    if (current == 0 || shown == null) {
      throw new IllegalStateException("not on a record");
    }
    return shown;
  }

  @Override
  public long sequence() {
    if (current == 0) {
      throw new IllegalStateException("not on a record");
    }
    return current;
  }

  /** The sequence that the walk would go on with. */
  long next() {
    return next;
  }

  /** Whether the limit of the walk is used up. */
  boolean isLimitReached() {
    return remaining == 0;
  }

  @Override
  public void close() {
    closed = true;
    current = 0;
    releaseBlock();
  }
}
