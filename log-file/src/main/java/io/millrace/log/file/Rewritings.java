package io.millrace.log.file;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogRewriting;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Replaces finished segments by others that hold less, one rewriting at a time.
 *
 * <p>A segment is written anew beside the old one, forced, and given the name of the old one; so
 * there is always a whole segment under that name. Its table of positions is replaced afterwards:
 * tables are never trusted. Who reads the old segment meanwhile finds it closed, or finds in the
 * place of its file the new one, which does not fit its table, and then takes the new one ({@link
 * #settled}).
 *
 * <p>Safe for use by many threads.
 */
final class Rewritings {
  private final LogFolder folder;
  private final LogOptions options;
  private final Segments segments;
  private final Runnable beginSegment;

  /** Held by the one rewriting that goes on. */
  private final ReentrantLock rewriting = new ReentrantLock();

  /** Held while a segment is replaced, and by whoever needs files and segments to agree. */
  private final ReentrantLock replacing = new ReentrantLock();

  private volatile boolean ended;

  /**
   * @param beginSegment lets the last segment be finished and another begin, and waits for that
   */
  Rewritings(LogFolder folder, LogOptions options, Segments segments, Runnable beginSegment) {
    this.folder = folder;
    this.options = options;
    this.segments = segments;
    this.beginSegment = beginSegment;
  }

  /** As {@link io.millrace.api.log.Log#rewrite}. */
  void rewrite(long last, LogRewriting what) {
    rewriting.lock();
    try {
      checkGoesOn();
      Segment open = segments.last();
      boolean concerned = open.firstSequence() <= last && what.concerns(open.firstSequence(), last);
      if (concerned || !options.sync().forcesEachGroup() && concernsAny(last, what)) {
        // Finished segments are durable. What is changed may rest on what was appended later.
        finishLast();
      }
      SegmentRewriter rewriter = new SegmentRewriter(folder, options, what, this::checkGoesOn);
      Segment growing = segments.last();
      for (Segment segment : segments.all()) {
        long first = segment.firstSequence();
        if (segment == growing || first > last) {
          break;
        }
        if (what.concerns(first, Math.min(last, segment.lastSequence()))) {
          replace(segment, last, rewriter, what);
        }
      }
    } finally {
      rewriting.unlock();
    }
  }

  private boolean concernsAny(long last, LogRewriting what) {
    for (Segment segment : segments.all()) {
      long first = segment.firstSequence();
      if (first <= last && what.concerns(first, Math.min(last, segment.lastSequence()))) {
        return true;
      }
    }
    return false;
  }

  private void finishLast() {
    try {
      beginSegment.run();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void replace(Segment segment, long last, SegmentRewriter rewriter, LogRewriting what) {
    SegmentRewriter.Rewritten rewritten;
    try {
      rewritten = rewriter.rewrite(segment, last);
      if (rewritten == null) {
        return;
      }
      replacing.lock();
      try {
        if (ended) {
          rewriter.discard(rewritten.file());
          throw SegmentedLog.closed();
        }
        rename(segment, rewritten);
      } finally {
        replacing.unlock();
      }
    } catch (IOException e) {
      throw new UnavailableException(
          "log-rewrite-failed",
          segment.file()
              + " could not be written anew and is whole as it was or as it will be: "
              + e,
          e);
    }
    what.worked(0, rewritten.reclaimed());
  }

  private void rename(Segment segment, SegmentRewriter.Rewritten rewritten) throws IOException {
    IOException failure = null;
    try {
      folder.disk().rename(rewritten.file(), segment.file());
      folder.disk().forceFolder(folder.path());
    } catch (IOException e) {
      failure = e;
    }
    // Whatever was done and whatever was reported: what the name leads to now is what is read.
    try {
      Segment present = segment.again();
      if (rewritten.footer().equals(present.footer())) {
        present.finish(rewritten.footer(), rewritten.positions());
      }
      segments.replace(segment, present);
      segment.close();
    } catch (IOException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void checkGoesOn() {
    if (ended) {
      throw SegmentedLog.closed();
    }
  }

  /**
   * The segment that holds {@code sequence}, with its file: whoever could not read another one
   * there should try again with this.
   */
  Segment settled(long sequence) {
    replacing.lock();
    try {
      return segments.containing(sequence);
    } finally {
      replacing.unlock();
    }
  }

  /** Work during which no file is replaced. */
  interface Undisturbed<T> {
    T run() throws IOException;
  }

  /** Does {@code work} while no file is replaced. */
  <T> T undisturbed(Undisturbed<T> work) throws IOException {
    replacing.lock();
    try {
      return work.run();
    } finally {
      replacing.unlock();
    }
  }

  /** Lets the rewriting that goes on end, and waits for that; no other begins. */
  void end() {
    ended = true;
    rewriting.lock();
    rewriting.unlock();
  }
}
