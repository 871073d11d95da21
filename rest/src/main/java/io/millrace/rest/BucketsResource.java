package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.BucketInfo;
import io.millrace.api.Database;
import io.millrace.api.Retention;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitOutcome;
import io.millrace.rest.http.Answers;
import io.millrace.rest.http.Attributions;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.RequestBody;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Buckets: made, described, dropped. */
@Path("/")
@Singleton
@Tag(name = "Buckets")
public final class BucketsResource {
  private static final int MOST_BODY_BYTES = 4 << 10;

  private final DatabaseAccess access;
  private final Readers readers;

  BucketsResource(DatabaseAccess access, Readers readers) {
    this.access = access;
    this.readers = readers;
  }

  @PUT
  @Path("{bucket}")
  @Operation(summary = "Makes a bucket, if it is not there, and says what it keeps of the past")
  public CompletionStage<Response> create(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    MediaTypes.requireJsonOrNone(context);
    Attribution attribution = attribution(context);
    Database database = access.database();
    Executor loop = Bodies.loop();
    return RequestBody.read(context, MOST_BODY_BYTES)
        .thenApply(RetentionJson::read)
        .thenCompose(
            retention ->
                database
                    .createBucket(name, attribution)
                    .thenCompose(
                        sequence ->
                            retain(database.bucket(name), retention, attribution)
                                .thenApplyAsync(done -> created(name, sequence, retention), loop)));
  }

  /** The bucket is made first: a retention alone would not make one where writing makes none. */
  private CompletionStage<?> retain(
      Bucket bucket, @Nullable Optional<Retention> retention, Attribution attribution) {
    return retention == null
        ? CompletableFuture.completedFuture(bucket)
        : readers
            .read(() -> bucket.retain(retention.orElse(null), attribution))
            .thenCompose(outcome -> outcome)
            .thenApply(
                outcome -> {
                  if (outcome instanceof CommitOutcome.Refused) {
                    throw missing(bucket.name()).exception(); // Dropped meanwhile.
                  }
                  return outcome;
                });
  }

  private static Response created(
      String name, long sequence, @Nullable Optional<Retention> retention) {
    boolean made = sequence > 0;
    JsonWriter json = new JsonWriter(128).startObject();
    json.name("name").string(name).name("created").bool(made);
    if (made) {
      json.name("seq").number(sequence);
    }
    if (retention != null) {
      RetentionJson.write(json, retention.orElse(null));
    }
    json.endObject();
    Response.ResponseBuilder answer = Answers.json(made ? 201 : 200, json.toByteArray());
    return (made ? answer.header("Location", "/" + name) : answer).build();
  }

  @GET
  @Path("{bucket}")
  @Operation(summary = "Describes a bucket")
  public CompletionStage<Response> describe(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    Parameters.of(context, Set.of());
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Database database = access.database();
    return readers.read(
        () -> {
          Bucket bucket = database.bucket(name);
          JsonWriter json = new JsonWriter(192).startObject();
          writeMembers(json, existing(bucket));
          bucket.retention().ifPresent(retention -> RetentionJson.write(json, retention));
          json.endObject();
          return Answers.ok(json.toByteArray());
        });
  }

  /** What is known of {@code bucket}, or a refusal with 404. */
  static BucketInfo existing(Bucket bucket) {
    return bucket.info().orElseThrow(() -> missing(bucket.name()).exception());
  }

  /** The problem of a bucket that is not there. */
  static Problem missing(String name) {
    return Problem.of(404, "bucket-missing", "there is no bucket " + name).with("bucket", name);
  }

  /** Writes what is known of a bucket as the next value. */
  static void write(JsonWriter json, BucketInfo info) {
    writeMembers(json.startObject(), info);
    json.endObject();
  }

  private static void writeMembers(JsonWriter json, BucketInfo info) {
    json.name("name").string(info.name());
    json.name("documents").number(info.documents());
    json.name("deleted").number(info.deleted());
    json.name("sequence").number(info.sequence());
    json.name("bytes").number(info.bytes());
    json.name("created").string(info.created().toString());
  }

  @DELETE
  @Path("{bucket}")
  @Operation(summary = "Drops a bucket; history keeps its documents")
  public CompletionStage<Response> drop(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    MediaTypes.requireJsonOrNone(context);
    Attribution attribution = attribution(context);
    return access
        .database()
        .dropBucket(name, attribution)
        .thenApplyAsync(sequence -> dropped(name, sequence), Bodies.loop());
  }

  private static Response dropped(String name, long sequence) {
    if (sequence == 0) {
      return missing(name).response();
    }
    JsonWriter json = new JsonWriter(96).startObject();
    json.name("name").string(name).name("dropped").bool(true);
    return Answers.ok(json.name("seq").number(sequence).endObject().toByteArray());
  }

  private static Attribution attribution(RoutingContext context) {
    return Attributions.of(context, Parameters.of(context, Attributions.PARAMETERS));
  }
}
