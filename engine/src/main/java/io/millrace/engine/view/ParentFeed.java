package io.millrace.engine.view;

import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod.ChangedRows;
import io.millrace.engine.index.BucketState;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The rows of another query: for each document that changed, the rows that it has there.
 *
 * <p>The sequence that the other query, the parent, has reached is looked up first, then a snapshot
 * is made. A document whose newest change in the snapshot is not beyond that sequence has exactly
 * the rows of that change there; one that changed again is left out, and met at its new place once
 * the parent is there. So nothing is given twice or from between two states, and a parent that is
 * exchanged for a rebuilt one makes no difference, because its rows are the same.
 */
final class ParentFeed implements Feed {
  private static final byte[] BEGIN = utf8("{\"rows\":[");
  private static final byte[] KEY = utf8("{\"key\":");
  private static final byte[] VALUE = utf8(",\"value\":");
  private static final byte[] END = utf8("]}");

  private final Query parent;
  private final ViewEnvironment environment;

  ParentFeed(Query parent, ViewEnvironment environment) {
    this.parent = parent;
    this.environment = environment;
  }

  @Override
  public @Nullable Portion next(ViewInput input, ViewCheckpoint from, int most) {
    if (input != ViewInput.DOCUMENTS) {
      throw Composition.everyChange(parent.name());
    }
    ViewBuild build = parent.serving();
    long reached = build == null ? 0 : build.reached().value();
    if (build == null || reached <= from.position() || !build.acquire()) {
      return standing(from, reached);
    }
    try {
      CompletableFuture<View> opened = build.opened().toCompletableFuture();
      View view = opened.isCompletedExceptionally() ? null : opened.getNow(null);
      return view == null ? null : read(view, from.position(), reached, most);
    } finally {
      build.release();
    }
  }

  /** Nothing more at present; all of it when the parent is where this view is. */
  private static @Nullable Portion standing(ViewCheckpoint from, long reached) {
    return reached == from.position() && reached > 0
        ? new Portion(List.of(), reached, true, reached)
        : null;
  }

  private Portion read(View view, long position, long reached, int most) {
    ChangedRows changed = Composition.rowsOf(view);
    if (changed == null) {
      throw Composition.notFollowed(parent.name());
    }
    BucketState bucket = parent.bucket();
    long present = environment.since().value();
    try (StoreSnapshot snapshot = environment.snapshot()) {
      Portion documents =
          environment
              .source()
              .read(snapshot, ViewInput.DOCUMENTS, bucket, position, reached, present, false)
              .head(most);
      List<String> live =
          documents.changes().stream().filter(each -> !each.deleted()).map(Change::id).toList();
      if (live.isEmpty()) {
        return documents;
      }
      try (Cursor<Row> rows = changed.call(Composition.plainRows(view), live, snapshot)) {
        return withRows(documents, rows);
      }
    }
  }

  /** The same changes with rows instead of documents, or as many of them as have room. */
  private static Portion withRows(Portion documents, Cursor<Row> rows) {
    List<Change> given = new ArrayList<>(documents.changes().size());
    long bytes = 0;
    Row ahead = rows.advance() ? rows.current() : null;
    for (Change change : documents.changes()) {
      if (bytes >= ChangeSource.MAX_BYTES) {
        return documents.head(given.size()).with(given);
      }
      if (change.deleted()) {
        given.add(change);
        continue;
      }
      ByteArrayOutputStream body = new ByteArrayOutputStream(256);
      body.writeBytes(BEGIN);
      for (boolean first = true; ahead != null && ahead.documentId().equals(change.id()); ) {
        if (!first) {
          body.write(',');
        }
        first = false;
        body.writeBytes(KEY);
        body.writeBytes(ahead.key());
        body.writeBytes(VALUE);
        body.writeBytes(ahead.value());
        body.write('}');
        ahead = rows.advance() ? rows.current() : null;
      }
      body.writeBytes(END);
      bytes += body.size();
      given.add(withBody(change, Body.ofCheckedJson(body.toByteArray())));
    }
    return documents.with(given);
  }

  private static Change withBody(Change change, Body body) {
    return new Change(
        change.sequence(),
        change.bucket(),
        change.id(),
        change.revision(),
        change.parent(),
        change.deleted(),
        change.commit(),
        body);
  }

  @Override
  public boolean complete(long sequence, ViewCheckpoint from) {
    return sequence >= from.freshUntil() || sequence >= parent.bucket().lastSequence();
  }

  @Override
  public boolean moreBehind(long sequence) {
    ViewBuild build = parent.serving();
    return build != null && build.reached().value() > sequence;
  }

  @Override
  public void urge(long sequence) {
    ViewBuild build = parent.readable();
    if (build != null) {
      build.urge(sequence);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
