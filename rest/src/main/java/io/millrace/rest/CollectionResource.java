package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.document.JsonText;
import io.millrace.rest.http.Attributions;
import io.millrace.rest.http.ListAnswer;
import io.millrace.rest.http.Listing;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.ShortAnswer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Many documents of a bucket at once: posted, written in batches, listed, exported. */
@Path("/")
@Singleton
@Tag(name = "Documents")
public final class CollectionResource {
  private static final Set<String> LISTING =
      Set.of("start", "end", "prefix", "after", "reverse", "limit", "ids", "body", "at");

  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;
  private final RestSettings settings;

  CollectionResource(DatabaseAccess access, Readers readers, Bodies bodies, RestSettings settings) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
    this.settings = settings;
  }

  @POST
  @Path("{bucket}")
  @Operation(summary = "Writes a document, or an array of documents as one atomic commit")
  public CompletionStage<Response> post(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String bucket = Names.bucketOfSegment(segment);
    Attribution attribution = attribution(context);
    Database database = access.database();
    return ShortAnswer.send(
        context,
        bodies
            .json(context)
            .thenCompose(
                text ->
                    text.isArray()
                        ? postAll(database, bucket, text, attribution)
                            .thenApply(outcome -> WriteAnswers.several(outcome, 201, false))
                        : postOne(database, bucket, text, attribution)
                            .thenApply(WriteAnswers::posted)));
  }

  private CompletionStage<CommitOutcome> postOne(
      Database database, String bucket, JsonText text, Attribution attribution) {
    Edit edit = Edits.posted(database, bucket, text.document(), bodies);
    return database.commit(CommitRequest.write(List.of(edit), attribution));
  }

  private CompletionStage<CommitOutcome> postAll(
      Database database, String bucket, JsonText text, Attribution attribution) {
    return commit(database, Edits.posted(database, bucket, text, bodies), attribution);
  }

  @POST
  @Path("{bucket}/_batch")
  @Operation(summary = "Writes and deletes documents of the bucket as one atomic commit")
  public CompletionStage<Response> batch(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String bucket = Names.bucketOfSegment(segment);
    Attribution attribution = attribution(context);
    Database database = access.database();
    return ShortAnswer.send(
        context,
        bodies
            .json(context)
            .thenCompose(text -> commit(database, Edits.batch(bucket, text, bodies), attribution)),
        outcome -> WriteAnswers.several(outcome, 200, false));
  }

  @POST
  @Path("_system/batch")
  @Operation(summary = "Writes and deletes documents of several buckets as one atomic commit")
  public CompletionStage<Response> batch(@Context RoutingContext context) {
    Attribution attribution = attribution(context);
    Database database = access.database();
    return ShortAnswer.send(
        context,
        bodies
            .json(context)
            .thenCompose(text -> commit(database, Edits.batch(null, text, bodies), attribution)),
        outcome -> WriteAnswers.several(outcome, 200, true));
  }

  /** Commits {@code edits}; no edits are no commit. */
  private static CompletionStage<CommitOutcome> commit(
      Database database, List<Edit> edits, Attribution attribution) {
    return edits.isEmpty()
        ? CompletableFuture.completedFuture(new Committed(database.since().value(), List.of()))
        : database.commit(CommitRequest.write(edits, attribution));
  }

  private static Attribution attribution(RoutingContext context) {
    return Attributions.of(context, Parameters.of(context, Attributions.PARAMETERS));
  }

  @GET
  @Path("{bucket}/_documents")
  @Operation(summary = "Lists documents in the order of their ids")
  public CompletionStage<Response> list(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String bucketName = Names.bucketOfSegment(segment);
    Parameters parameters = Parameters.of(context, LISTING);
    boolean lines = lines(context);
    Database database = access.database();
    return answer(
        context,
        lines,
        () -> {
          Bucket bucket = database.bucket(bucketName);
          if (parameters.has("ids")) {
            return PickedDocuments.of(bucket, parameters, database);
          }
          long at = parameters.at("at", database, DocumentRange.NOW);
          return DocumentListing.open(bucket, range(parameters, at), limit(parameters));
        });
  }

  @GET
  @Path("{bucket}/_export")
  @Operation(summary = "All live documents as of one sequence, one a line")
  public CompletionStage<Response> export(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String bucketName = Names.bucketOfSegment(segment);
    Parameters parameters = Parameters.of(context, Set.of("at"));
    MediaTypes.negotiate(context, MediaTypes.NDJSON);
    Database database = access.database();
    return answer(
        context,
        true,
        () -> {
          long at = parameters.at("at", database, DocumentRange.NOW);
          return DocumentListing.open(
              database.bucket(bucketName), DocumentRange.all().at(at), Long.MAX_VALUE);
        });
  }

  private CompletionStage<Response> answer(
      RoutingContext context, boolean lines, Supplier<Listing> open) {
    return ShortAnswer.send(
        context,
        readers
            .scan(open)
            .thenCompose(
                listing ->
                    ListAnswer.of(
                        context, listing, lines, readers.scans(), settings.stallLimit())));
  }

  private static boolean lines(RoutingContext context) {
    return MediaTypes.negotiate(context, MediaTypes.JSON, MediaTypes.NDJSON)
        .equals(MediaTypes.NDJSON);
  }

  private static DocumentRange range(Parameters parameters, long at) {
    return new DocumentRange(
        parameters.text("start"),
        parameters.text("end"),
        parameters.text("prefix"),
        Cursors.id(parameters),
        parameters.flag("reverse", false),
        at,
        parameters.flag("body", true));
  }

  private static long limit(Parameters parameters) {
    return parameters.count("limit", Long.MAX_VALUE);
  }
}
