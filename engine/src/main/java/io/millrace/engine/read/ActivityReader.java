package io.millrace.engine.read;

import io.millrace.api.Activity;
import io.millrace.api.ActivityFilter;
import io.millrace.api.document.Change;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.Buckets.Span;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.SequenceCursor;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.write.WriterListener;
import io.millrace.spi.SettableSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The activity of buckets and of the whole database. Safe for use by many threads.
 *
 * <p>Who waits for a bucket is woken by that bucket's changes alone.
 */
public final class ActivityReader implements WriterListener, AutoCloseable {
  private final DocumentIndex index;
  private final EngineLog log;
  private final ObservableSequence since;
  private final Moments moments;
  private final Map<String, SettableSequence> watched = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param since the last sequence that can be read
   */
  public ActivityReader(
      DocumentIndex index, EngineLog log, ObservableSequence since, Moments moments) {
    this.index = index;
    this.log = log;
    this.since = since;
    this.moments = moments;
  }

  @Override
  public void indexed(IndexUpdate update, long sequence) {
    if (watched.isEmpty()) {
      return;
    }
    for (BucketState bucket : update.touchedBuckets()) {
      SettableSequence watch = watched.get(bucket.name());
      if (watch != null) {
        watch.advance(lastSequence(bucket.name()));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    watched.values().forEach(SettableSequence::close);
  }

  private String bucketName(int number) {
    BucketState bucket = index.buckets().numbered(number);
    if (bucket == null) {
      throw new CorruptionException("the log", "bucket " + number + " was never made");
    }
    return bucket.name();
  }

  /** The changes of all buckets. */
  public Activity all() {
    return new Activity() {
      @Override
      public Cursor<Change> read(SequenceRange range, ActivityFilter filter) {
        SequenceRange present = moments.within(range, filter.commits()).limited(Long.MAX_VALUE);
        return new ChangeCursor(
            new WholeLog(log.read(present), filter.latestOnly()),
            log,
            ActivityReader.this::bucketName,
            filter,
            range.limit());
      }

      @Override
      public long sequence() {
        return since.value();
      }

      @Override
      public CompletionStage<Long> whenBeyond(long sequence) {
        return since.whenAtLeast(sequence + 1);
      }
    };
  }

  /** The changes of every life of the bucket called {@code name}. */
  public Activity of(String name) {
    return new Activity() {
      @Override
      public Cursor<Change> read(SequenceRange range, ActivityFilter filter) {
        SequenceRange present = moments.within(range, filter.commits());
        return new ChangeCursor(
            new OneBucket(lives(name, filter, range.reverse()), present, filter),
            log,
            ActivityReader.this::bucketName,
            filter,
            range.limit());
      }

      @Override
      public long sequence() {
        return lastSequence(name);
      }

      @Override
      public CompletionStage<Long> whenBeyond(long sequence) {
        long last = lastSequence(name);
        if (last > sequence) {
          return CompletableFuture.completedFuture(last);
        }
        SettableSequence watch =
            watched.computeIfAbsent(
                name, key -> new SettableSequence("the activity of " + name, last));
        if (closed) {
          // Closing may have looked before the watch was there.
          watch.close();
        }
        CompletionStage<Long> beyond = watch.whenAtLeast(sequence + 1);
        // A change that came before the watch was there has not moved it.
        long again = lastSequence(name);
        if (again > sequence) {
          beyond.toCompletableFuture().complete(again);
        }
        return beyond;
      }
    };
  }

  private long lastSequence(String name) {
    long last = 0;
    for (BucketState life : index.buckets().lives(name)) {
      // A bucket in which nothing was written yet has no change of its own.
      if (life.lastSequence() >= life.createdSequence()) {
        last = Math.max(last, life.lastSequence());
      }
    }
    return last;
  }

  private List<Span> lives(String name, ActivityFilter filter, boolean reverse) {
    if (filter.latestOnly()) {
      BucketState present = index.buckets().named(name);
      return present == null ? List.of() : List.of(new Span(present, 1, Long.MAX_VALUE));
    }
    List<Span> lives = new ArrayList<>(index.buckets().spans(name));
    if (reverse) {
      Collections.reverse(lives);
    }
    return lives;
  }

  /** The sequences of one bucket's changes, from one life after the other. */
  private final class OneBucket implements ChangeCursor.Source {
    private final List<Span> lives;
    private final SequenceRange range;
    private final ActivityFilter filter;
    private int life;
    private @Nullable SequenceCursor sequences;

    OneBucket(List<Span> lives, SequenceRange range, ActivityFilter filter) {
      this.lives = lives;
      this.range = range;
      this.filter = filter;
    }

    @Override
    public long next() {
      while (!range.isEmpty()) {
        if (sequences == null) {
          if (life == lives.size()) {
            return 0;
          }
          Span span = lives.get(life++);
          if (span.last() < range.first() || range.last() < span.first()) {
            continue;
          }
          sequences = open(span);
        }
        if (sequences.advance()) {
          return sequences.sequence();
        }
        sequences.close();
        sequences = null;
      }
      return 0;
    }

    private SequenceCursor open(Span span) {
      int bucket = span.bucket().number();
      long first = Math.max(range.first(), span.first());
      long last = Math.min(range.last(), span.last());
      String id = filter.id();
      if (filter.latestOnly()) {
        return index.newestChanges(index.store(), bucket, first, last, range.reverse());
      }
      return id == null
          ? index.changes(bucket, first, last, range.reverse())
          : index.changesOf(bucket, id, first, last, range.reverse());
    }

    @Override
    public void close() {
      if (sequences != null) {
        sequences.close();
        sequences = null;
      }
    }
  }

  /** Every record of the log that holds a change. */
  private final class WholeLog implements ChangeCursor.Source {
    private final LogCursor cursor;
    private final boolean latestOnly;
    private @Nullable LogRecord record;

    WholeLog(LogCursor cursor, boolean latestOnly) {
      this.cursor = cursor;
      this.latestOnly = latestOnly;
    }

    @Override
    public long next() {
      while (cursor.advance()) {
        byte[] bytes = RecordReader.bytesOf(cursor);
        record = LogRecord.decode(cursor.sequence(), bytes);
        StoredChange change = record.change();
        if (change != null && (!latestOnly || isLatest(change, cursor.sequence()))) {
          return cursor.sequence();
        }
      }
      record = null;
      return 0;
    }

    private boolean isLatest(StoredChange change, long sequence) {
      BucketState bucket = index.buckets().numbered(change.bucket());
      if (bucket == null || bucket.droppedSequence() != 0) {
        return false;
      }
      DocumentRow row = index.row(change.bucket(), change.id());
      return row == null ? change.purge() : row.lastSequence() == sequence;
    }

    @Override
    public @Nullable LogRecord record() {
      return record;
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
