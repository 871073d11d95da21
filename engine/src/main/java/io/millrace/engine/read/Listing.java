package io.millrace.engine.read;

import io.millrace.api.document.Body;
import io.millrace.api.document.Document;
import io.millrace.api.document.Revision;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.Cursor;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.log.ReadAhead;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Live documents in the order of rows of the index, without those that belong to the database
 * itself. The rows are read ahead in windows, so that their records can be read in the order of the
 * log; what fails, fails at its place nevertheless.
 *
 * @param <T> the rows
 */
final class Listing<T> implements Cursor<Document> {
  private final Cursor<T> rows;
  private final Function<T, @Nullable ListedWinner> winnerOf;
  private final ReadAhead ahead;
  private final BucketState bucket;
  private final boolean bodies;
  private final DocumentReader documents;
  private final ReadHorizon.@Nullable Held held;
  private final List<ListedWinner> window = new ArrayList<>();
  private int next;
  private long wanted;
  private @Nullable MillraceException failure;
  private @Nullable Document current;
  private boolean closed;

  /**
   * @param winnerOf null for a row without a live winner
   * @param ahead closed with this, as {@code rows} are
   * @param bodies whether the bodies are read
   * @param limit the most documents delivered
   * @param held the state that is read, closed with this; null when someone else holds it
   */
  Listing(
      Cursor<T> rows,
      Function<T, @Nullable ListedWinner> winnerOf,
      ReadAhead ahead,
      BucketState bucket,
      boolean bodies,
      DocumentReader documents,
      long limit,
      ReadHorizon.@Nullable Held held) {
    this.rows = rows;
    this.winnerOf = winnerOf;
    this.ahead = ahead;
    this.bucket = bucket;
    this.bodies = bodies;
    this.documents = documents;
    this.wanted = limit;
    this.held = held;
  }

  @Override
  public boolean advance() {
    current = null;
    if (closed) {
      throw new UnavailableException("cursor-closed", "the cursor over documents is closed");
    }
    ahead.requireOpen();
    while (current == null && wanted > 0 && (next < window.size() || readWindow())) {
      current = live(window.get(next++));
    }
    if (current == null) {
      return false;
    }
    wanted--;
    return true;
  }

  /** Whether there was anything more. */
  private boolean readWindow() {
    window.clear();
    next = 0;
    MillraceException failed = failure;
    if (failed != null) {
      failure = null;
      throw failed;
    }
    ahead.begin(wanted);
    try {
      boolean room = true;
      while (room && rows.advance()) {
        ListedWinner winner = winnerOf.apply(rows.current());
        if (winner != null && !winner.id().startsWith("_")) {
          window.add(winner);
          room = ahead.announce(winner.read() ? winner.sequence() : 0, winner.bytes());
        }
      }
    } catch (MillraceException e) {
      if (window.isEmpty()) {
        throw e;
      }
      failure = e;
    }
    ahead.read();
    return !window.isEmpty();
  }

  /** Null for a tombstone, and for what was purged since the row was read. */
  private @Nullable Document live(ListedWinner winner) {
    if (!winner.read() && winner.revision() != null) {
      return withoutBody(winner, winner.revision());
    }
    try {
      if (!bodies) {
        StoredChange change = change(winner.sequence());
        return change.deleted() ? null : withoutBody(winner, change.revision());
      }
      Document document =
          documents.document(
              bucket, winner.id(), winner.sequence(), winner.revision(), List.of(), this::change);
      return document.deleted() ? null : document;
    } catch (NotFoundException e) {
      if (e.code().equals(RecordReader.PURGED)) {
        return null;
      }
      throw e;
    }
  }

  private Document withoutBody(ListedWinner winner, Revision revision) {
    return new Document(
        bucket.name(), winner.id(), revision, winner.sequence(), false, Body.EMPTY, List.of());
  }

  private StoredChange change(long sequence) {
    return RecordReader.changeOf(sequence, ahead.record(sequence));
  }

  @Override
  public Document current() {
    if (current == null) {
      throw new IllegalStateException("not on a document");
    }
    return current;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      current = null;
      window.clear();
      ahead.close();
      rows.close();
      if (held != null) {
        held.close();
      }
    }
  }
}
