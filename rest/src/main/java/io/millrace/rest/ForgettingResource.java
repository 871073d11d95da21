package io.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.JsonText;
import io.millrace.rest.http.Answers;
import io.millrace.rest.http.Attributions;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.ShortAnswer;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Documents removed with their history, and the log made smaller by what was removed. */
@Path("/")
@Singleton
@Tag(name = "Forgetting")
public final class ForgettingResource {
  private static final String IDS = "ids";

  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;

  ForgettingResource(DatabaseAccess access, Readers readers, Bodies bodies) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
  }

  @POST
  @Path("{bucket}/_purge")
  @Operation(summary = "Removes documents with their whole history, outright")
  public CompletionStage<Response> purge(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    Attribution attribution =
        Attributions.of(context, Parameters.of(context, Attributions.PARAMETERS));
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Bucket bucket = access.database().bucket(name);
    return ShortAnswer.send(
        context,
        bodies.json(context).thenCompose(text -> bucket.purge(ids(text), attribution)),
        outcome -> purged(bucket, outcome));
  }

  private static List<String> ids(JsonText text) {
    ObjectNode body = text.isObject() ? Body.ofCheckedJson(text.json()).tree() : null;
    JsonNode named = body == null ? null : body.get(IDS);
    if (body == null || body.size() != 1 || named == null || !named.isArray() || named.isEmpty()) {
      throw unlike();
    }
    List<String> ids = new ArrayList<>(named.size());
    for (JsonNode id : named) {
      if (!id.isTextual()) {
        throw unlike();
      }
      ids.add(id.textValue());
    }
    return ids;
  }

  private static RuntimeException unlike() {
    return Problem.of(
            422, "invalid-member", "the body must be {\"ids\": [ID, …]}, with one id or more")
        .exception();
  }

  private static ShortAnswer purged(Bucket bucket, CommitOutcome outcome) {
    if (outcome instanceof Refused refused) {
      return ShortAnswer.of(
          bucket.info().isEmpty()
              ? BucketsResource.missing(bucket.name())
              : unknown(refused.refusals()));
    }
    Committed committed = (Committed) outcome;
    JsonWriter json = new JsonWriter(48).startObject();
    json.name("purged").number(committed.written().size());
    json.name("seq").number(committed.sequence()).endObject();
    return ShortAnswer.json(200, json.toByteArray());
  }

  private static Problem unknown(List<Refusal> refusals) {
    JsonWriter ids = new JsonWriter(64 * refusals.size()).startArray();
    refusals.forEach(refusal -> ids.string(refusal.id()));
    return Problem.of(
            404,
            "document-missing",
            refusals.size() + " of the documents never were, so nothing was purged")
        .withJson(IDS, ids.endArray().toByteArray());
  }

  @POST
  @Path("_system/compact")
  @Operation(summary = "Takes what was purged out of the log, in the background")
  public CompletionStage<Response> compact(@Context RoutingContext context) {
    MediaTypes.requireJsonOrNone(context);
    Parameters.of(context, Set.of());
    Database database = access.database();
    return readers.scan(
        () -> {
          database.compact();
          JsonWriter json = new JsonWriter(32).startObject();
          json.name("compaction").string("started").endObject();
          return Answers.json(202, json.toByteArray()).build();
        });
  }
}
