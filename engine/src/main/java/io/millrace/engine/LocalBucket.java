package io.millrace.engine;

import io.millrace.api.Activity;
import io.millrace.api.Bucket;
import io.millrace.api.BucketInfo;
import io.millrace.api.DocumentRange;
import io.millrace.api.History;
import io.millrace.api.Queries;
import io.millrace.api.Retention;
import io.millrace.api.RolledBack;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.DocumentId;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Moment;
import io.millrace.api.document.Revision;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.Cursor;
import io.millrace.api.sync.SyncServer;
import io.millrace.engine.read.ActivityReader;
import io.millrace.engine.read.DocumentReader;
import io.millrace.engine.read.HistoryReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A bucket of a database in a folder. */
final class LocalBucket implements Bucket {
  private final LocalDatabase database;
  private final String name;
  private final DocumentReader documents;
  private final ActivityReader activity;
  private final Queries queries;
  private final History history;

  LocalBucket(
      LocalDatabase database,
      String name,
      DocumentReader documents,
      ActivityReader activity,
      HistoryReader history,
      Queries queries) {
    this.database = database;
    this.name = name;
    this.documents = documents;
    this.activity = activity;
    this.history = history.of(name, database::ensureOpen);
    this.queries = queries;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<BucketInfo> info() {
    return Optional.ofNullable(database.bucketInfo(name));
  }

  @Override
  public Optional<Document> find(String id) {
    DocumentId.require(id);
    database.ensureOpen();
    return documents.winner(name, id, false);
  }

  @Override
  public Optional<Document> findWithConflicts(String id) {
    DocumentId.require(id);
    database.ensureOpen();
    return documents.winner(name, id, true);
  }

  @Override
  public Optional<Document> find(String id, Revision revision) {
    DocumentId.require(id);
    database.ensureOpen();
    return documents.revision(name, id, revision);
  }

  @Override
  public Optional<Document> findAt(String id, long sequence) {
    DocumentId.require(id);
    database.ensureOpen();
    requirePast(sequence);
    return documents.winnerAt(name, id, sequence);
  }

  @Override
  public boolean existedAt(long sequence) {
    database.ensureOpen();
    return database.existedAt(name, sequence);
  }

  @Override
  public Cursor<Document> documents(DocumentRange range) {
    database.ensureOpen();
    if (range.at() != DocumentRange.NOW) {
      requirePast(range.at());
    }
    return documents.list(name, range);
  }

  private void requirePast(long sequence) {
    long last = database.since().value();
    if (sequence < 0 || sequence > last) {
      throw new NotFoundException(
          "unknown-target", "there is no sequence " + sequence + "; the last one is " + last);
    }
  }

  @Override
  public CompletionStage<CommitOutcome> put(
      String id, Base base, Body body, Attribution attribution) {
    return database.commit(
        CommitRequest.write(List.of(new Edit.Put(name, id, base, body)), attribution));
  }

  @Override
  public CompletionStage<CommitOutcome> delete(String id, Base base, Attribution attribution) {
    return database.commit(
        CommitRequest.write(List.of(new Edit.Delete(name, id, base)), attribution));
  }

  @Override
  public CompletionStage<CommitOutcome> rollback(String id, Moment to, Attribution attribution) {
    Optional<Document> then;
    long target;
    try {
      then = state(id, to);
      target =
          to instanceof Moment.AtRevision
              ? then.map(Document::sequence).orElse(0L)
              : database.resolve(to);
    } catch (MillraceException e) {
      return CompletableFuture.failedFuture(e);
    }
    Edit restoring =
        then.filter(state -> !state.deleted())
            .<Edit>map(state -> new Edit.Put(name, id, Base.any(), state.body()))
            .orElseGet(() -> new Edit.Delete(name, id, Base.any()));
    return database.commit(
        new CommitRequest(List.of(restoring), attribution, CommitKind.ROLLBACK, target));
  }

  /** What a document was at {@code to}. */
  private Optional<Document> state(String id, Moment to) {
    if (!(to instanceof Moment.AtRevision at)) {
      return findAt(id, database.resolve(to));
    }
    Optional<Document> found = find(id, at.revision());
    if (found.isEmpty()) {
      throw new NotFoundException(
          "unknown-target",
          "the document " + id + " of " + name + " has no revision " + at.revision());
    }
    return found;
  }

  @Override
  public RolledBack previewRollback(String id, Moment to) {
    Document then = state(id, to).filter(state -> !state.deleted()).orElse(null);
    Document now = find(id).filter(state -> !state.deleted()).orElse(null);
    if (then == null && now == null) {
      throw new NotFoundException(
          "document-missing", "there is no document " + id + " in " + name + ", nor was there one");
    }
    boolean updated = then != null && now != null && !then.body().equals(now.body());
    return new RolledBack(
        0, 0, now == null ? 1 : 0, updated ? 1 : 0, then == null ? 1 : 0, List.of(), List.of());
  }

  @Override
  public CompletionStage<CommitOutcome> purge(List<String> ids, Attribution attribution) {
    List<Edit.Purge> edits = ids.stream().map(id -> new Edit.Purge(name, id)).toList();
    return database.commit(CommitRequest.purge(edits, attribution));
  }

  @Override
  public Optional<Retention> retention() {
    return Optional.ofNullable(database.retention(name));
  }

  @Override
  public CompletionStage<CommitOutcome> retain(
      @Nullable Retention retention, Attribution attribution) {
    return database.retain(name, retention, attribution);
  }

  @Override
  public Activity activity() {
    return activity.of(name);
  }

  @Override
  public History history() {
    return history;
  }

  @Override
  public Queries queries() {
    return queries;
  }

  @Override
  public SyncServer sync() {
    return database.syncOf(name);
  }
}
