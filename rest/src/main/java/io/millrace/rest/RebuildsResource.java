package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.BucketInfo;
import io.millrace.api.Database;
import io.millrace.rest.http.Answers;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Queries built again, of a bucket or of all; the old rows answer until the new are complete. */
@Path("/")
@Singleton
@Tag(name = "Queries")
public final class RebuildsResource {
  private final DatabaseAccess access;
  private final Readers readers;

  RebuildsResource(DatabaseAccess access, Readers readers) {
    this.access = access;
    this.readers = readers;
  }

  @POST
  @Path("{bucket}/_query/_rebuild")
  @Operation(summary = "Builds all queries of a bucket again")
  public CompletionStage<Response> rebuildBucket(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String bucketSegment) {
    Bucket bucket = access.database().bucket(Names.bucketOfSegment(bucketSegment));
    requirePlain(context);
    return readers.scan(
        () -> {
          BucketsResource.existing(bucket);
          Rebuilt rebuilt = new Rebuilt();
          rebuilt.add(bucket);
          return rebuilt.answer();
        });
  }

  @POST
  @Path("_system/rebuild")
  @Operation(summary = "Builds all queries of all buckets again")
  public CompletionStage<Response> rebuildAll(@Context RoutingContext context) {
    Database database = access.database();
    requirePlain(context);
    return readers.scan(
        () -> {
          Rebuilt rebuilt = new Rebuilt();
          for (BucketInfo bucket : database.buckets()) {
            rebuilt.add(database.bucket(bucket.name()));
          }
          return rebuilt.answer();
        });
  }

  private static void requirePlain(RoutingContext context) {
    MediaTypes.requireJsonOrNone(context);
    Parameters.of(context, Set.of());
  }

  /** What is built again, as it is told. */
  private static final class Rebuilt {
    private final JsonWriter queries = new JsonWriter(256).startArray();
    private long count;

    void add(Bucket bucket) {
      for (String name : bucket.queries().rebuildAll()) {
        queries.startObject();
        queries.name("bucket").string(bucket.name());
        queries.name("name").string(name);
        queries.endObject();
        count++;
      }
    }

    Response answer() {
      JsonWriter json = new JsonWriter(256).startObject();
      json.name("count").number(count);
      json.name("rebuilding").json(queries.endArray().toByteArray()).endObject();
      return Answers.json(202, json.toByteArray()).build();
    }
  }
}
