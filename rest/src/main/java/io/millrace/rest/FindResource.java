package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.error.UnsupportedException;
import io.millrace.rest.http.ListAnswer;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.ShortAnswer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Questions to a bucket that were not defined before. */
@Path("/")
@Singleton
@Tag(name = "Queries")
public final class FindResource {
  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;
  private final RestSettings settings;

  FindResource(DatabaseAccess access, Readers readers, Bodies bodies, RestSettings settings) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
    this.settings = settings;
  }

  @POST
  @Path("{bucket}/_find")
  @Operation(summary = "Answers a question from whatever index fits, or from all documents")
  public CompletionStage<Response> find(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String bucketSegment) {
    Bucket bucket = access.database().bucket(Names.bucketOfSegment(bucketSegment));
    Parameters parameters = Parameters.of(context);
    boolean lines =
        MediaTypes.negotiate(context, MediaTypes.JSON, MediaTypes.NDJSON).equals(MediaTypes.NDJSON);
    return ShortAnswer.send(
        context,
        bodies
            .json(context)
            .thenApply(text -> FindRequest.of(text, parameters))
            .thenComposeAsync(request -> answer(context, bucket, request, lines), readers.scans()));
  }

  private CompletableFuture<@Nullable ShortAnswer> answer(
      RoutingContext context, Bucket bucket, FindRequest request, boolean lines) {
    BucketsResource.existing(bucket);
    if (request.explain()) {
      return bucket
          .queries()
          .explain(request.question(), request.consistency())
          .toCompletableFuture()
          .exceptionally(FindResource::refused)
          .thenApply(explained -> ShortAnswer.json(200, QueryJson.bytes(explained)));
    }
    return bucket
        .queries()
        .find(request.question(), request.consistency())
        .toCompletableFuture()
        .exceptionally(FindResource::refused)
        .thenComposeAsync(
            rows ->
                ListAnswer.of(
                    context,
                    new FoundListing(rows, request.limit()),
                    lines,
                    readers.scans(),
                    settings.stallLimit()),
            readers.scans());
  }

  /** Throws {@code failure} again; that nobody answers such questions is no error of the server. */
  private static <T> T refused(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof UnsupportedException nobody && nobody.code().equals("no-finder")) {
      throw Problem.of(501, nobody.code(), String.valueOf(nobody.getMessage())).exception();
    }
    throw new CompletionException(cause);
  }
}
