package io.millrace.rest;

import io.millrace.api.Database;
import io.millrace.api.document.JsonText;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.replication.Peer;
import io.millrace.api.replication.PeerRequest;
import io.millrace.api.replication.Peers;
import io.millrace.rest.http.Answers;
import io.millrace.rest.http.ListAnswer;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.ShortAnswer;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The servers that this one exchanges its documents with. */
@Path("/")
@Singleton
@Tag(name = "System")
public final class PeersResource {
  private static final Set<String> TAKEN = Set.of("name-taken", "address-taken");

  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;
  private final RestSettings settings;

  PeersResource(DatabaseAccess access, Readers readers, Bodies bodies, RestSettings settings) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
    this.settings = settings;
  }

  @GET
  @Path("_system/peers")
  @Operation(summary = "The servers that this one exchanges its documents with")
  public CompletionStage<Response> list(@Context RoutingContext context) {
    Parameters.of(context, Set.of());
    boolean lines =
        MediaTypes.negotiate(context, MediaTypes.JSON, MediaTypes.NDJSON).equals(MediaTypes.NDJSON);
    Database database = access.database();
    return ShortAnswer.send(
        context,
        readers
            .scan(
                () -> {
                  Iterator<Peer> peers = database.peers().list().iterator();
                  return new SmallListing<>("peers", peers, PeersResource::write);
                })
            .thenCompose(
                listing ->
                    ListAnswer.of(
                        context, listing, lines, readers.scans(), settings.stallLimit())));
  }

  @GET
  @Path("_system/peers/{name}")
  @Operation(summary = "One of them")
  public CompletionStage<Response> find(
      @Context RoutingContext context, @PathParam("name") String name) {
    Parameters.of(context, Set.of());
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Database database = access.database();
    return readers.scan(
        () ->
            database
                .peers()
                .find(name)
                .map(peer -> Answers.json(200, json(peer)).build())
                .orElseThrow(() -> missing(name)));
  }

  @POST
  @Path("_system/peers")
  @Operation(summary = "Adds a server, and begins to exchange documents with it")
  public CompletionStage<Response> add(@Context RoutingContext context) {
    Parameters.of(context, Set.of());
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Database database = access.database();
    return bodies
        .json(context)
        .thenApply(PeersResource::request)
        .thenCompose(request -> readers.scan(() -> added(database, request)));
  }

  private static PeerRequest request(JsonText text) {
    return PeerMembers.of(text).request();
  }

  private static Response added(Database database, PeerRequest request) {
    Peers.Added added;
    try {
      added = database.peers().add(request);
    } catch (InvalidRequestException e) {
      if (TAKEN.contains(e.code())) {
        throw Problem.of(409, e.code(), String.valueOf(e.getMessage())).exception();
      }
      throw e;
    }
    return Answers.json(added.isNew() ? 201 : 200, json(added.peer())).build();
  }

  @DELETE
  @Path("_system/peers/{name}")
  @Operation(summary = "Ends the exchange with a server")
  public CompletionStage<Response> remove(
      @Context RoutingContext context, @PathParam("name") String name) {
    Parameters.of(context, Set.of());
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Database database = access.database();
    return readers.scan(
        () -> {
          if (!database.peers().remove(name)) {
            throw missing(name);
          }
          JsonWriter json = new JsonWriter(64).startObject();
          json.name("removed").string(name).endObject();
          return Answers.json(200, json.toByteArray()).build();
        });
  }

  private static RuntimeException missing(String name) {
    return Problem.of(404, "peer-missing", "there is no peer called " + name).exception();
  }

  private static byte[] json(Peer peer) {
    JsonWriter json = new JsonWriter(512);
    write(json, peer);
    return json.toByteArray();
  }

  private static void write(JsonWriter json, Peer peer) {
    json.startObject();
    json.name("name").string(peer.name());
    json.name("zmq_uri").string(peer.address());
    json.name("state").string(peer.state().word());
    json.name("sequence_number").number(peer.sequence());
    json.name("lag").number(peer.lagChanges());
    json.name("lag_ms").number(peer.lag().toMillis());
    if (peer.database() != null) {
      json.name("uuid").string(peer.database().toString());
    }
    if (peer.key() != null) {
      json.name("key").string(peer.key());
    }
    json.name("buckets").startArray();
    peer.buckets().forEach(json::string);
    json.endArray();
    json.name("one_way").bool(peer.oneWay());
    json.name("full_history").bool(peer.fullHistory());
    json.name("bytes_received").number(peer.bytesReceived());
    json.name("bytes_sent").number(peer.bytesSent());
    if (peer.lastSeen() != null) {
      json.name("last_seen").string(peer.lastSeen().toString());
    }
    if (peer.lastError() != null) {
      json.name("last_error").string(peer.lastError());
    }
    json.endObject();
  }
}
