package io.millrace.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Bucket;
import io.millrace.api.Queries;
import io.millrace.api.QueryInfo;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.JsonText;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.Following;
import io.millrace.api.view.Following.Beginning;
import io.millrace.rest.http.Answers;
import io.millrace.rest.http.Attributions;
import io.millrace.rest.http.ListAnswer;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.PathSegments;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.ProblemException;
import io.millrace.rest.http.ShortAnswer;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The queries of a bucket: defined, asked, listed, removed, rebuilt. */
@Path("/")
@Singleton
@Tag(name = "Queries")
public final class QueriesResource {
  private static final String DEFAULT_METHOD = "rows";

  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;
  private final LiveFeeds feeds;
  private final RestSettings settings;

  QueriesResource(
      DatabaseAccess access,
      Readers readers,
      Bodies bodies,
      LiveFeeds feeds,
      RestSettings settings) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
    this.feeds = feeds;
    this.settings = settings;
  }

  @POST
  @Path("{bucket}/_query/{name}")
  @Operation(summary = "Defines a query")
  public CompletionStage<Response> define(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("name") String nameSegment) {
    Bucket bucket = bucket(bucketSegment);
    String name = Names.queryOfSegment(nameSegment);
    Attribution attribution = attribution(context);
    Executor loop = Bodies.loop();
    return bodies
        .json(context)
        .thenComposeAsync(
            text -> bucket.queries().define(name, definition(text), attribution), readers.scans())
        .thenApplyAsync(defined -> defined(bucket, name, defined), loop);
  }

  private static ObjectNode definition(JsonText text) {
    if (!(QueryRequest.tree(text.json()) instanceof ObjectNode object)) {
      throw Problem.of(422, "not-an-object", "a definition is a JSON object").exception();
    }
    return object;
  }

  private static Response defined(Bucket bucket, String name, Queries.Defined defined) {
    JsonWriter json = new JsonWriter(64).startObject();
    json.name("name").string(name);
    json.name("defined").string(defined.name().toLowerCase(Locale.ROOT)).endObject();
    if (defined != Queries.Defined.CREATED) {
      return Answers.ok(json.toByteArray());
    }
    String location = "/" + bucket.name() + "/_query/" + PathSegments.percentEncode(name);
    return Answers.json(201, json.toByteArray()).header("Location", location).build();
  }

  @GET
  @Path("{bucket}/_query")
  @Operation(summary = "Lists the queries of a bucket with their state")
  public CompletionStage<Response> list(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String bucketSegment) {
    Bucket bucket = bucket(bucketSegment);
    Parameters.of(context, Set.of());
    boolean lines = lines(context);
    return ShortAnswer.send(
        context,
        readers
            .scan(
                () -> {
                  BucketsResource.existing(bucket);
                  Queries queries = bucket.queries();
                  Iterator<QueryInfo> infos = queries.list().iterator();
                  return new SmallListing<>(
                      "queries", infos, (json, info) -> QueryJson.write(json, queries, info));
                })
            .thenCompose(
                listing ->
                    ListAnswer.of(
                        context, listing, lines, readers.scans(), settings.stallLimit())));
  }

  @GET
  @Path("{bucket}/_query/{name}")
  @Operation(summary = "The rows of a query")
  public CompletionStage<Response> rows(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("name") String nameSegment) {
    Bucket bucket = bucket(bucketSegment);
    String name = Names.queryOfSegment(nameSegment);
    QueryRequest request = QueryRequest.of(Parameters.of(context));
    if (request.following() != null) {
      return follow(context, bucket, name, DEFAULT_METHOD, request, request.following());
    }
    boolean lines = lines(context);
    return ShortAnswer.send(
        context,
        readers
            .read(() -> rows(context, bucket, name, DEFAULT_METHOD, request, lines))
            .thenCompose(answer -> answer));
  }

  /** Answers on this thread when the view is fresh already, else on another when it is. */
  private CompletableFuture<@Nullable ShortAnswer> rows(
      RoutingContext context,
      Bucket bucket,
      String name,
      String method,
      QueryRequest request,
      boolean lines) {
    CompletableFuture<Queries.RowCursor> rows =
        bucket
            .queries()
            .rows(name, method, request.arguments(), request.consistency())
            .toCompletableFuture();
    Executor next = rows.isDone() ? Runnable::run : readers.scans();
    return rows.exceptionally(failure -> explain(bucket, name, failure))
        .thenComposeAsync(
            cursor ->
                ListAnswer.of(
                    context,
                    new RowListing(cursor, bucket, request),
                    lines,
                    readers.scans(),
                    settings.stallLimit()),
            next);
  }

  /** Throws {@code failure} again, with the view's progress where it is behind. */
  static <T> T explain(Bucket bucket, String name, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof UnavailableException behind && behind.code().equals("view-behind")) {
      Problem problem =
          Problem.of(503, behind.code(), String.valueOf(behind.getMessage()))
              .header("Retry-After", "1");
      bucket
          .queries()
          .info(name)
          .ifPresent(
              info -> {
                JsonWriter json = new JsonWriter(96).startObject();
                json.name("state").string(QueryJson.state(info));
                json.name("sequence").number(info.sequence());
                json.name("of").number(bucket.activity().sequence());
                problem.withJson("progress", json.endObject().toByteArray());
              });
      throw problem.exception();
    }
    throw new CompletionException(cause);
  }

  @DELETE
  @Path("{bucket}/_query/{name}")
  @Operation(summary = "Removes a query with its rows")
  public CompletionStage<Response> remove(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("name") String nameSegment) {
    Bucket bucket = bucket(bucketSegment);
    String name = Names.queryOfSegment(nameSegment);
    MediaTypes.requireJsonOrNone(context);
    Attribution attribution = attribution(context);
    Executor loop = Bodies.loop();
    return readers
        .scan(() -> bucket.queries().remove(name, attribution))
        .thenCompose(removed -> removed)
        .thenApplyAsync(removed -> removed(name, removed), loop);
  }

  private static Response removed(String name, boolean there) {
    if (!there) {
      return missing(name).response();
    }
    JsonWriter json = new JsonWriter(64).startObject();
    json.name("name").string(name).name("removed").bool(true).endObject();
    return Answers.ok(json.toByteArray());
  }

  private static Problem missing(String name) {
    return Problem.of(404, "query-missing", "there is no such query").with("name", name);
  }

  @POST
  @Path("{bucket}/_query/{name}/_rebuild")
  @Operation(summary = "Builds a query again; the new rows replace the old when they are complete")
  public CompletionStage<Response> rebuild(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("name") String nameSegment) {
    Bucket bucket = bucket(bucketSegment);
    String name = Names.queryOfSegment(nameSegment);
    MediaTypes.requireJsonOrNone(context);
    Parameters.of(context, Set.of());
    return readers.scan(
        () -> {
          bucket.queries().rebuild(name);
          JsonWriter json = new JsonWriter(64).startObject();
          json.name("name").string(name).name("state").string("rebuilding").endObject();
          return Answers.json(202, json.toByteArray()).build();
        });
  }

  @GET
  @Path("{bucket}/_query/{name}/{method}")
  @Operation(summary = "Asks a method of a query's view; arguments in the query string")
  public CompletionStage<Response> call(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("name") String nameSegment,
      @Encoded @PathParam("method") String methodSegment) {
    Bucket bucket = bucket(bucketSegment);
    String name = Names.queryOfSegment(nameSegment);
    String method = PathSegments.decode(methodSegment);
    QueryRequest request = QueryRequest.of(Parameters.of(context));
    if (request.following() != null) {
      return follow(context, bucket, name, method, request, request.following());
    }
    boolean lines = lines(context);
    return ShortAnswer.send(
        context,
        readers
            .read(() -> call(context, bucket, name, method, request, lines))
            .thenCompose(answer -> answer));
  }

  @POST
  @Path("{bucket}/_query/{name}/{method}")
  @Operation(summary = "Asks a method of a query's view; arguments in a JSON object")
  public CompletionStage<Response> callWithBody(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("name") String nameSegment,
      @Encoded @PathParam("method") String methodSegment) {
    Bucket bucket = bucket(bucketSegment);
    String name = Names.queryOfSegment(nameSegment);
    String method = PathSegments.decode(methodSegment);
    Parameters parameters = Parameters.of(context);
    return ShortAnswer.send(
        context,
        bodies
            .json(context)
            .thenApply(text -> QueryRequest.of(text, parameters))
            .thenComposeAsync(
                request ->
                    request.following() == null
                        ? call(context, bucket, name, method, request, lines(context))
                        : follow(context, bucket, name, method, request, request.following())
                            .thenApply(ended -> null),
                readers.shortReads()));
  }

  /** Sends rows for ever, until the client goes or the rows end. */
  private CompletableFuture<Response> follow(
      RoutingContext context,
      Bucket bucket,
      String name,
      String method,
      QueryRequest request,
      Following asked) {
    boolean events =
        MediaTypes.negotiate(context, MediaTypes.NDJSON, MediaTypes.EVENTS)
            .equals(MediaTypes.EVENTS);
    OptionalLong last = events ? LastEventId.of(context) : OptionalLong.empty();
    Following following =
        last.isPresent()
            ? new Following(Beginning.SINCE, last.getAsLong(), asked.removals())
            : asked;
    RowFeed rows = new RowFeed(bucket, name, method, request, following);
    return new LiveFeed(context, rows, events, readers.scans(), settings.stallLimit())
        .start(feeds, settings.heartbeat());
  }

  private CompletableFuture<@Nullable ShortAnswer> call(
      RoutingContext context,
      Bucket bucket,
      String name,
      String method,
      QueryRequest request,
      boolean lines) {
    QueryInfo info = bucket.queries().info(name).orElseThrow(() -> missing(name).exception());
    // Methods are known once the view is open, which takes a moment after it was defined.
    boolean open = !info.methods().isEmpty();
    String kind = info.methods().get(method);
    if (open && kind == null) {
      throw noSuchMethod("it has " + String.join(", ", info.methods().keySet()));
    }
    if ("source".equals(kind)) {
      return rows(context, bucket, name, method, request, lines);
    }
    CompletableFuture<@Nullable ShortAnswer> answer =
        bucket
            .queries()
            .call(name, method, request.arguments(), request.consistency())
            .toCompletableFuture()
            .thenApply(value -> ShortAnswer.json(200, QueryJson.bytes(value)));
    return answer.exceptionallyCompose(
        failure -> {
          Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
          if (!open && hasCode(cause, "wrong-method-kind")) {
            return rows(context, bucket, name, method, request, lines);
          }
          if (!open && hasCode(cause, "unknown-method")) {
            return CompletableFuture.failedFuture(noSuchMethod(String.valueOf(cause.getMessage())));
          }
          return explain(bucket, name, failure);
        });
  }

  private static boolean hasCode(Throwable failure, String code) {
    return failure instanceof MillraceException ours && ours.code().equals(code);
  }

  private static ProblemException noSuchMethod(String detail) {
    return Problem.of(404, "method-missing", "this query has no such method; " + detail)
        .exception();
  }

  private Bucket bucket(String segment) {
    String name = Names.bucketOfSegment(segment);
    return access.database().bucket(name);
  }

  private static boolean lines(RoutingContext context) {
    return MediaTypes.negotiate(context, MediaTypes.JSON, MediaTypes.NDJSON)
        .equals(MediaTypes.NDJSON);
  }

  private static Attribution attribution(RoutingContext context) {
    return Attributions.of(context, Parameters.of(context, Attributions.PARAMETERS));
  }
}
