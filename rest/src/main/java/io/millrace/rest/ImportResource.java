package io.millrace.rest;

import io.millrace.api.document.Attribution;
import io.millrace.rest.http.Attributions;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problems;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Imports: documents of any number, one a line. */
@Path("/")
@Singleton
@Tag(name = "Documents")
public final class ImportResource {
  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;
  private final Problems problems;
  private final RunningImports running;
  private final RestSettings settings;

  ImportResource(
      DatabaseAccess access,
      Readers readers,
      Bodies bodies,
      Problems problems,
      RunningImports running,
      RestSettings settings) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
    this.problems = problems;
    this.running = running;
    this.settings = settings;
  }

  @POST
  @Path("{bucket}/_import")
  @Operation(
      summary = "Writes documents, one a line, in chunks; the answer is progress, one a line")
  public CompletionStage<Response> run(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String bucket = Names.bucketOfSegment(segment);
    Attribution attribution =
        Attributions.of(context, Parameters.of(context, Attributions.PARAMETERS));
    MediaTypes.require(context, MediaTypes.NDJSON);
    ImportSession session =
        new ImportSession(
            context, access.database(), bucket, attribution, bodies, problems, readers, settings);
    Runnable remove = running.add(bucket, session::imported);
    CompletableFuture<Response> answer = session.run();
    answer.whenComplete((done, failure) -> remove.run());
    return answer;
  }
}
