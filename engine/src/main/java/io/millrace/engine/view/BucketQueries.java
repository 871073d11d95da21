package io.millrace.engine.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.LiveRows;
import io.millrace.api.Queries;
import io.millrace.api.QueryInfo;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Following;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.IndexUpdate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The queries of one bucket. Safe for use by many threads. */
final class BucketQueries implements Queries {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.$()+-]{0,127}");

  private final Views views;
  private final String bucket;
  private final Function<CommitRequest, CompletionStage<CommitOutcome>> committer;

  BucketQueries(
      Views views,
      String bucket,
      Function<CommitRequest, CompletionStage<CommitOutcome>> committer) {
    this.views = views;
    this.bucket = bucket;
    this.committer = committer;
  }

  @Override
  public CompletionStage<Defined> define(
      String name, ObjectNode definition, Attribution attribution) {
    if (!NAME.matcher(name).matches()) {
      return CompletableFuture.failedFuture(
          new InvalidRequestException(
              "invalid-query-name", "a query cannot be called " + name + ": " + NAME.pattern()));
    }
    Body body;
    try {
      views.validate(bucket, name, definition);
      body = Body.of(definition);
    } catch (InvalidRequestException e) {
      return CompletableFuture.failedFuture(e);
    }
    Query present = views.find(bucket, name);
    if (present != null
        && present.definition().equals(Query.definition(bucket, name, body.tree()))) {
      return CompletableFuture.completedFuture(Defined.UNCHANGED);
    }
    // The base is looked up now: of two who redefine at once, one is told.
    DocumentRow row = views.definitionRow(bucket, name);
    boolean live = row != null && row.leaves().live();
    Base base = live ? Base.of(row.winner().revision()) : Base.absent();
    Edit edit = new Edit.Put(bucket, IndexUpdate.DEFINITION_PREFIX + name, base, body);
    return committer
        .apply(CommitRequest.write(List.of(edit), attribution))
        .thenApply(outcome -> defined(name, outcome, live));
  }

  private Defined defined(String name, CommitOutcome outcome, boolean existed) {
    if (outcome instanceof Committed) {
      return existed ? Defined.CHANGED : Defined.CREATED;
    }
    throw refused(name, (Refused) outcome);
  }

  private RuntimeException refused(String name, Refused refused) {
    CommitOutcome.Refusal refusal = refused.refusals().get(0);
    if (refusal.reason() == Reason.BUCKET_MISSING) {
      return new NotFoundException("unknown-bucket", refusal.detail());
    }
    if (refusal.reason() == Reason.NOT_PROCESSABLE) {
      return new InvalidDefinitionException(refusal.detail());
    }
    return new UnavailableException(
        "definition-raced", "the definition of " + name + " was changed meanwhile; try again");
  }

  @Override
  public CompletionStage<Boolean> remove(String name, Attribution attribution) {
    if (views.find(bucket, name) == null) {
      return CompletableFuture.completedFuture(false);
    }
    Edit edit = new Edit.Delete(bucket, IndexUpdate.DEFINITION_PREFIX + name, Base.any());
    return committer
        .apply(CommitRequest.write(List.of(edit), attribution))
        .thenApply(Committed.class::isInstance);
  }

  @Override
  public List<QueryInfo> list() {
    return views.list(bucket).stream().map(this::info).toList();
  }

  @Override
  public Optional<QueryInfo> info(String name) {
    return Optional.ofNullable(views.find(bucket, name)).map(this::info);
  }

  private QueryInfo info(Query query) {
    long sequence = 0;
    ViewStatistics statistics = new ViewStatistics(0, 0, 0);
    Map<String, String> methods = new TreeMap<>();
    ViewBuild build = query.readable();
    if (build != null && build.acquire()) {
      try {
        sequence = build.reached().value();
        CompletableFuture<View> opened = build.opened().toCompletableFuture();
        if (opened.isDone() && !opened.isCompletedExceptionally()) {
          View view = opened.join();
          statistics = view.statistics(views.environment().store());
          view.methods().forEach((name, method) -> methods.put(name, kind(method)));
        }
      } finally {
        build.release();
      }
    }
    return new QueryInfo(
        query.definition(),
        query.state(),
        sequence,
        statistics.rows(),
        statistics.bytes(),
        statistics.errors(),
        query.failure(),
        methods);
  }

  private static String kind(ViewMethod method) {
    if (method instanceof ViewMethod.Source) {
      return "source";
    }
    return method instanceof ViewMethod.Async ? "async" : "sync";
  }

  @Override
  public Cursor<DocumentError> errors(String name) {
    ViewBuild build = views.require(bucket, name).readable();
    if (build == null || !build.acquire()) {
      throw notReadable(name);
    }
    CompletableFuture<View> opened = build.opened().toCompletableFuture();
    View view = opened.isCompletedExceptionally() ? null : opened.getNow(null);
    if (view == null) {
      build.release();
      throw notReadable(name);
    }
    StoreSnapshot snapshot = null;
    try {
      snapshot = views.environment().snapshot();
      return new HeldCursor<>(view.errors(snapshot), snapshot, build::release);
    } catch (RuntimeException | Error e) {
      if (snapshot != null) {
        snapshot.close();
      }
      build.release();
      throw e;
    }
  }

  private UnavailableException notReadable(String name) {
    String failure = views.require(bucket, name).failure();
    return new UnavailableException(
        "view-failed",
        "the query "
            + name
            + (failure == null ? " is being made ready" : " stands still: " + failure));
  }

  @Override
  public void rebuild(String name) {
    views.require(bucket, name).rebuild();
  }

  @Override
  public List<String> rebuildAll() {
    return views.list(bucket).stream().filter(Query::rebuild).map(Query::name).toList();
  }

  @Override
  public CompletionStage<RowCursor> find(ViewArguments question, Consistency consistency) {
    return new FindCall(views, bucket, question, consistency).rows();
  }

  @Override
  public CompletionStage<JsonNode> explain(ViewArguments question, Consistency consistency) {
    return new FindCall(views, bucket, question, consistency).explanation();
  }

  @Override
  public CompletionStage<JsonNode> call(
      String name, String method, ViewArguments arguments, Consistency consistency) {
    return new ViewCall(views, bucket, name, method, arguments, consistency).answer();
  }

  @Override
  public CompletionStage<RowCursor> rows(
      String name, String method, ViewArguments arguments, Consistency consistency) {
    return new ViewCall(views, bucket, name, method, arguments, consistency).rows();
  }

  @Override
  public CompletionStage<LiveRows> follow(
      String name,
      String method,
      ViewArguments arguments,
      Following following,
      Consistency consistency) {
    return new ViewCall(views, bucket, name, method, arguments, consistency).follow(following);
  }
}
