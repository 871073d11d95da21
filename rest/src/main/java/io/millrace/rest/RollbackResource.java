package io.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.LogVerification;
import io.millrace.api.RolledBack;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.ExactTree;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.Moment;
import io.millrace.rest.http.Answers;
import io.millrace.rest.http.Attributions;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.RequestBody;
import io.millrace.rest.http.ShortAnswer;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Earlier states brought back, and the proof that nothing earlier was altered. */
@Path("/")
@Singleton
@Tag(name = "History")
public final class RollbackResource {
  private static final int MOST_BODY_BYTES = 4 << 10;
  private static final Set<String> PARAMETERS = parameters("to", "dry_run");

  private final DatabaseAccess access;
  private final Readers readers;

  RollbackResource(DatabaseAccess access, Readers readers) {
    this.access = access;
    this.readers = readers;
  }

  private static Set<String> parameters(String... own) {
    Set<String> names = new HashSet<>(Attributions.PARAMETERS);
    names.addAll(Set.of(own));
    return Set.copyOf(names);
  }

  @POST
  @Path("{bucket}/{id}/_rollback")
  @Operation(summary = "Restores an earlier state of a document")
  public CompletionStage<Response> document(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    Bucket bucket = access.database().bucket(Names.bucketOfSegment(bucketSegment));
    String id = Names.idOfSegment(idSegment);
    Parameters parameters = Parameters.of(context, PARAMETERS);
    Attribution attribution = Attributions.of(context, parameters);
    if (parameters.flag("dry_run", false)) {
      return target(context, parameters)
          .thenCompose(to -> readers.read(() -> answer(bucket.previewRollback(id, to))));
    }
    return ShortAnswer.send(
        context,
        target(context, parameters)
            .thenCompose(to -> readers.read(() -> bucket.rollback(id, to, attribution)))
            .thenCompose(outcome -> outcome)
            .thenApply(WriteAnswers::changed));
  }

  @POST
  @Path("{bucket}/_rollback")
  @Operation(summary = "Makes a bucket exactly what it was")
  public CompletionStage<Response> bucket(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String bucketSegment) {
    return roll(context, Names.bucketOfSegment(bucketSegment));
  }

  @POST
  @Path("_system/rollback")
  @Operation(summary = "Makes all buckets exactly what they were")
  public CompletionStage<Response> all(@Context RoutingContext context) {
    return roll(context, null);
  }

  private CompletionStage<Response> roll(RoutingContext context, @Nullable String bucket) {
    Database database = access.database();
    Parameters parameters = Parameters.of(context, PARAMETERS);
    Attribution attribution = Attributions.of(context, parameters);
    boolean dry = parameters.flag("dry_run", false);
    return target(context, parameters)
        .thenCompose(to -> readers.scan(() -> database.resolve(to)))
        .thenCompose(
            to ->
                dry
                    ? readers.scan(() -> preview(database, bucket, to))
                    : bucket == null
                        ? database.rollback(to, attribution)
                        : database.rollback(bucket, to, attribution))
        .thenApply(RollbackResource::answer);
  }

  private static RolledBack preview(Database database, @Nullable String bucket, long to) {
    return bucket == null ? database.previewRollback(to) : database.previewRollback(bucket, to);
  }

  /** The parameter {@code to}, or the member of a body. */
  private static CompletableFuture<Moment> target(RoutingContext context, Parameters parameters) {
    MediaTypes.requireJsonOrNone(context);
    return RequestBody.read(context, MOST_BODY_BYTES)
        .thenApply(
            body -> {
              boolean given = parameters.text("to") != null;
              if (given == body.length > 0) {
                throw refused(
                    given
                        ? "'to' is a parameter, so there can be no body"
                        : "what to roll back to is missing: {\"to\": SEQUENCE or TIME}, or ?to=");
              }
              return given
                  ? parameters.momentOfDocument("to", Moment.present())
                  : Moment.parse(memberTo(body));
            });
  }

  private static String memberTo(byte[] body) {
    JsonText.parse(body);
    JsonNode json = ExactTree.read(body);
    JsonNode to = json.get("to");
    if (!json.isObject() || json.size() != 1 || to == null || !to.isValueNode()) {
      throw refused("a body for a rollback is {\"to\": SEQUENCE, TIME or, of a document, REV}");
    }
    return to.asText();
  }

  private static RuntimeException refused(String detail) {
    return Problem.of(400, "invalid-parameter", detail).with("parameter", "to").exception();
  }

  private static Response answer(RolledBack rolled) {
    JsonWriter json = new JsonWriter(160).startObject();
    if (rolled.sequence() != 0) {
      json.name("seq").number(rolled.sequence());
      json.name("first").number(rolled.first());
    }
    json.name("changed").number(rolled.changed());
    json.name("created").number(rolled.created());
    json.name("updated").number(rolled.updated());
    json.name("deleted").number(rolled.deleted());
    if (!rolled.dropped().isEmpty() || !rolled.revived().isEmpty()) {
      json.name("dropped").startArray();
      rolled.dropped().forEach(json::string);
      json.endArray().name("revived").startArray();
      rolled.revived().forEach(json::string);
      json.endArray();
    }
    return Answers.ok(json.endObject().toByteArray());
  }

  @GET
  @Path("_system/log/verify")
  @Operation(summary = "Proves that no commit was altered")
  public CompletionStage<Response> verify(@Context RoutingContext context) {
    Database database = access.database();
    Parameters parameters = Parameters.of(context, Set.of("from", "to", "digest"));
    MediaTypes.negotiate(context, MediaTypes.JSON);
    CommitDigest noted = digest(parameters.text("digest"));
    return readers.scan(
        () -> {
          long last = database.since().value();
          long from = parameters.count("from", 1);
          long to = parameters.count("to", last);
          if (last == 0 && to == 0 && noted == null) {
            return answer(new LogVerification(0, 0, 0, CommitDigest.NONE, null, null));
          }
          return answer(database.verify(from, to, noted));
        });
  }

  private static @Nullable CommitDigest digest(@Nullable String hex) {
    try {
      return hex == null ? null : CommitDigest.parse(hex);
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "invalid-parameter", "digest must be 64 hexadecimal digits")
          .with("parameter", "digest")
          .exception();
    }
  }

  private static Response answer(LogVerification found) {
    JsonWriter json = new JsonWriter(256).startObject();
    json.name("ok").bool(found.ok());
    json.name("from").number(found.from());
    json.name("to").number(found.to());
    json.name("commits").number(found.commits());
    if (found.digest() != null) {
      json.name("digest").string(found.digest().toString());
    }
    if (found.at() != null) {
      json.name("at").number(found.at());
    }
    if (found.reason() != null) {
      json.name("reason").string(found.reason());
    }
    return Answers.ok(json.endObject().toByteArray());
  }
}
