package io.millrace.rest;

import io.millrace.api.BucketInfo;
import io.millrace.api.Database;
import io.millrace.api.DatabaseInfo;
import io.millrace.api.Task;
import io.millrace.api.replication.Peers;
import io.millrace.rest.http.Answers;
import io.millrace.rest.http.ListAnswer;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.ShortAnswer;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The server as a whole. */
@Path("/")
@Singleton
@Tag(name = "System")
public final class SystemResource {
  private final DatabaseAccess access;
  private final Readers readers;
  private final RunningImports imports;
  private final RestSettings settings;
  private final String version;

  SystemResource(
      DatabaseAccess access,
      Readers readers,
      RunningImports imports,
      RestSettings settings,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.access = access;
    this.readers = readers;
    this.imports = imports;
    this.settings = settings;
    this.version = version;
  }

  @GET
  @Operation(summary = "Says which server this is")
  public CompletionStage<Response> welcome(@Context RoutingContext context) {
    return describe(
        context,
        database -> {
          JsonWriter json = new JsonWriter(160).startObject();
          json.name("millrace").string("welcome");
          json.name("version").string(version);
          json.name("node").string(database.info().node());
          json.name("uuid").string(database.uuid().toString());
          return json.endObject().toByteArray();
        });
  }

  @GET
  @Path("_system/info")
  @Operation(summary = "Modules, sizes, uptime and sequence of the server")
  public CompletionStage<Response> info(@Context RoutingContext context) {
    return describe(context, database -> info(database.info(), database.peers()));
  }

  private byte[] info(DatabaseInfo info, Peers peers) {
    Runtime.Version jdk = Runtime.version();
    JsonWriter json = new JsonWriter(1024).startObject();
    json.name("version").string(version);
    json.name("node").string(info.node());
    json.name("uuid").string(info.uuid().toString());
    json.name("sequence").number(info.sequence());
    json.name("uptime_ms").number(ManagementFactory.getRuntimeMXBean().getUptime());
    json.name("jdk").startObject();
    json.name("version").string(jdk.toString());
    json.name("vendor").string(System.getProperty("java.vendor")).endObject();
    json.name("data").startObject();
    json.name("log_bytes").number(info.logBytes());
    json.name("store_bytes").number(info.storeBytes());
    json.name("reclaimed_bytes").number(info.reclaimedBytes()).endObject();
    if (peers.address() != null) {
      json.name("replication").startObject();
      json.name("zmq_uri").string(peers.address());
      if (peers.key() != null) {
        json.name("key").string(peers.key());
      }
      json.endObject();
    }
    json.name("modules").startArray();
    for (DatabaseInfo.Module module : info.modules()) {
      json.startObject();
      json.name("kind").string(module.kind());
      json.name("name").string(module.name());
      json.name("version").string(module.version());
      json.name("format").number(module.formatVersion());
      json.name("origin").string(module.origin());
      json.name("chosen").bool(module.chosen()).endObject();
    }
    json.endArray();
    if (info.writeFailure() != null) {
      json.name("write_failure").string(info.writeFailure());
    }
    return json.endObject().toByteArray();
  }

  @GET
  @Path("_system/buckets")
  @Operation(summary = "All buckets")
  public CompletionStage<Response> buckets(@Context RoutingContext context) {
    return list(context, "buckets", Database::buckets, SystemResource::writeBucket);
  }

  private static void writeBucket(JsonWriter json, BucketInfo info) {
    BucketsResource.write(json, info);
  }

  @GET
  @Path("_system/tasks")
  @Operation(summary = "Work that goes on in the background")
  public CompletionStage<Response> tasks(@Context RoutingContext context) {
    return list(context, "tasks", this::allTasks, SystemResource::writeTask);
  }

  private List<Task> allTasks(Database database) {
    List<Task> tasks = new ArrayList<>(database.tasks());
    tasks.addAll(imports.tasks());
    return tasks;
  }

  private static void writeTask(JsonWriter json, Task task) {
    json.startObject();
    json.name("name").string(task.name());
    json.name("kind").string(task.kind());
    json.name("done").number(task.done());
    json.name("total").number(task.total());
    json.name("unit").string(task.unit());
    json.name("rate").number(task.rate());
    task.remaining().ifPresent(rest -> json.name("remaining_ms").number(rest.toMillis()));
    json.name("started").string(task.started().toString());
    json.endObject();
  }

  private CompletionStage<Response> describe(
      RoutingContext context, Function<Database, byte[]> description) {
    Parameters.of(context, Set.of());
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Database database = access.database();
    return readers.scan(() -> Answers.ok(description.apply(database)));
  }

  private <T> CompletionStage<Response> list(
      RoutingContext context,
      String name,
      Function<Database, List<T>> read,
      BiConsumer<JsonWriter, T> writer) {
    Parameters.of(context, Set.of());
    boolean lines =
        MediaTypes.negotiate(context, MediaTypes.JSON, MediaTypes.NDJSON).equals(MediaTypes.NDJSON);
    Database database = access.database();
    return ShortAnswer.send(
        context,
        readers
            .scan(
                () -> {
                  Iterator<T> rows = read.apply(database).iterator();
                  return new SmallListing<>(name, rows, writer);
                })
            .thenCompose(
                listing ->
                    ListAnswer.of(
                        context, listing, lines, readers.scans(), settings.stallLimit())));
  }
}
