package io.millrace.engine.view;

import io.millrace.api.log.ObservableSequence;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.ViewInput;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.read.ReadHorizon;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the views of a database are fed with, read once for all that are at about the same place.
 *
 * <p>The last few portions are kept while views are at work. A view that stands within one of them
 * is given the part behind it, so views that began at different times, or take smaller steps, fall
 * in with the others again. Of portions that ended where the log did, which may be as small as one
 * change, only the newest of a bucket is kept: who is far behind reads a large one.
 *
 * <p>Safe for use by many threads: each waits for another that reads the same.
 */
final class Portions {
  /** What is kept at most, as far as can be estimated. */
  private static final long MOST_BYTES = 32L << 20;

  /** A tree and its text, in relation to the text. */
  private static final long TREE_FACTOR = 8;

  private static final long CHANGE_BYTES = 400;

  private final ChangeSource source;
  private final ObservableSequence since;
  private final StoreReader reader;
  private final ReadHorizon horizon;

  /** Oldest first; guarded by this, like everything below. */
  private final Deque<Kept> kept = new ArrayDeque<>();

  private final Set<Place> reading = new HashSet<>();
  private long keptBytes;

  Portions(ChangeSource source, ObservableSequence since, StoreReader reader, ReadHorizon horizon) {
    this.horizon = horizon;
    this.source = source;
    this.since = since;
    this.reader = reader;
  }

  private record Place(int bucket, ViewInput input, long position) {
    boolean sameFeed(Place other) {
      return bucket == other.bucket && input == other.input;
    }
  }

  private record Kept(Place place, Portion portion, long bytes) {}

  /**
   * The changes behind {@code position}.
   *
   * @param shared whether other views are likely to want the same
   * @throws InterruptedException while waiting for another thread that reads the same
   */
  Portion after(long position, ViewInput input, BucketState bucket, boolean shared)
      throws InterruptedException {
    Place place = new Place(bucket.number(), input, position);
    synchronized (this) {
      while (true) {
        Portion found = find(place);
        if (found != null) {
          return found;
        }
        if (reading.add(place)) {
          break;
        }
        wait();
      }
    }
    Portion read = null;
    ReadHorizon.Held held = horizon.hold();
    try {
      // What was committed before this look is in the portion, or before it.
      long present = since.value();
      read = source.read(reader, input, bucket, position, Long.MAX_VALUE, present, shared);
      return read;
    } finally {
      held.close();
      synchronized (this) {
        reading.remove(place);
        if (read != null && shared) {
          keep(place, read);
        }
        notifyAll();
      }
    }
  }

  private @Nullable Portion find(Place place) {
    for (Kept one : kept) {
      if (one.place().sameFeed(place)
          && one.place().position() <= place.position()
          && place.position() < one.portion().position()) {
        return one.portion().behind(place.position());
      }
    }
    return null;
  }

  private void keep(Place place, Portion portion) {
    Iterator<Kept> all = kept.iterator();
    while (all.hasNext()) {
      Kept one = all.next();
      if (one.portion().exhausted() && one.place().sameFeed(place)) {
        all.remove();
        keptBytes -= one.bytes();
      }
    }
    long bytes = portion.bodyBytes() * TREE_FACTOR + portion.changes().size() * CHANGE_BYTES;
    if (bytes > MOST_BYTES) {
      return;
    }
    while (keptBytes + bytes > MOST_BYTES) {
      keptBytes -= kept.removeFirst().bytes();
    }
    kept.addLast(new Kept(place, portion, bytes));
    keptBytes += bytes;
  }

  /** Forgets everything; for when no view is at work. */
  synchronized void forget() {
    kept.clear();
    keptBytes = 0;
  }
}
