package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.ExactTree;
import io.millrace.api.document.JsonText;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import io.millrace.rest.http.Attributions;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.ProblemException;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What clients that work offline sync with. */
@Path("/")
@Singleton
@Tag(name = "Sync")
public final class SyncResource {
  private static final long USUAL_LIMIT = 100;
  private static final long HIGHEST_LIMIT = 1_000;

  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;

  SyncResource(DatabaseAccess access, Readers readers, Bodies bodies) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
  }

  @GET
  @Path("{bucket}/_sync/changes")
  @Operation(summary = "What changed after a cid: the newest state of each document")
  public CompletionStage<Response> changes(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    Parameters parameters = Parameters.of(context, Set.of("cid", "limit"));
    MediaTypes.negotiate(context, MediaTypes.JSON);
    String given = parameters.text("cid");
    String cid = given == null ? SyncServer.START : given;
    long limit = parameters.count("limit", USUAL_LIMIT);
    if (limit < 1) {
      throw Parameters.refused("limit", "must be 1 or more");
    }
    Bucket bucket = access.database().bucket(name);
    return ShortAnswer.send(
        context,
        readers.scan(
            () -> {
              ChangePage page = bucket.sync().changes(cid, (int) Math.min(limit, HIGHEST_LIMIT));
              if (cid.equals(SyncServer.START)) {
                BucketsResource.existing(bucket);
              }
              return ShortAnswer.json(200, json(page));
            }));
  }

  private static byte[] json(ChangePage page) {
    JsonWriter json = new JsonWriter(256 + 128 * page.changes().size()).startObject();
    json.name("cid").string(page.cid());
    json.name("changes").startArray();
    for (SyncedChange change : page.changes()) {
      Body body = change.body();
      json.startObject();
      json.name("type").string(body == null ? "del" : "put");
      json.name("id").string(change.id());
      if (body != null) {
        json.name("value").json(body.json());
      }
      json.endObject();
    }
    json.endArray().name("more").bool(page.more());
    return json.endObject().toByteArray();
  }

  @POST
  @Path("{bucket}/_sync/change")
  @Operation(summary = "Makes a client's changes, if nothing changed after its cid")
  public CompletionStage<Response> change(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    Attribution attribution =
        Attributions.of(context, Parameters.of(context, Attributions.PARAMETERS));
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Bucket bucket = access.database().bucket(name);
    return ShortAnswer.send(
        context,
        bodies
            .json(context)
            .thenCompose(text -> readers.scan(() -> send(bucket, text, attribution)))
            .thenCompose(Function.identity()),
        SyncResource::answer);
  }

  private CompletionStage<ChangeOutcome> send(
      Bucket bucket, JsonText text, Attribution attribution) {
    Map<String, byte[]> members = members(text, "the body");
    byte[] cid = members.remove("cid");
    byte[] array = members.remove("changes");
    if (cid == null || cid[0] != '"' || array == null || array[0] != '[' || !members.isEmpty()) {
      throw unprocessable("the body must be {\"cid\": CID, \"changes\": [CHANGE, …]}");
    }
    List<SyncedChange> changes = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (byte[] element : JsonText.parse(array).elements()) {
      SyncedChange change = change(element, changes.size());
      if (!ids.add(change.id())) {
        throw Problem.of(
                422, "duplicate-document", "a document may occur once; this one does twice")
            .with("id", change.id())
            .with("index", changes.size())
            .exception();
      }
      changes.add(change);
    }
    return bucket.sync().change(ExactTree.read(cid).textValue(), changes, attribution);
  }

  private SyncedChange change(byte[] element, int index) {
    String what = "the change at index " + index;
    Map<String, byte[]> members = members(JsonText.parse(element), what);
    String type = text(members.remove("type"));
    String id = text(members.remove("id"));
    byte[] value = members.remove("value");
    boolean puts = "put".equals(type) && value != null;
    boolean deletes = "del".equals(type) && value == null;
    if (id == null || !members.isEmpty() || !(puts || deletes)) {
      throw unprocessable(
          what
              + " must be {\"type\":\"put\",\"id\":ID,\"value\":{…}} or {\"type\":\"del\",\"id\":ID}");
    }
    return value == null ? SyncedChange.del(id) : SyncedChange.put(id, body(value, id));
  }

  private Body body(byte[] value, String id) {
    try {
      return bodies.limited(JsonText.parseBody(value));
    } catch (ProblemException e) {
      throw e.problem().with("id", id).exception();
    }
  }

  private static Map<String, byte[]> members(JsonText text, String what) {
    if (!text.isObject()) {
      throw unprocessable(what + " must be an object");
    }
    Map<String, byte[]> members = new TreeMap<>();
    for (JsonText.Member member : text.members()) {
      members.put(member.name(), member.value());
    }
    return members;
  }

  /** The text of a string; null for anything else. */
  private static @Nullable String text(byte @Nullable [] json) {
    return json == null || json[0] != '"' ? null : ExactTree.read(json).textValue();
  }

  private static ProblemException unprocessable(String detail) {
    return Problem.of(422, "not-processable", detail).exception();
  }

  private static ShortAnswer answer(ChangeOutcome outcome) {
    if (outcome instanceof ChangeOutcome.Accepted accepted) {
      JsonWriter json = new JsonWriter(64).startObject();
      json.name("cid").string(accepted.cid()).endObject();
      return ShortAnswer.json(200, json.toByteArray());
    }
    return ShortAnswer.of(
        Problem.of(
            409,
            "cid-mismatch",
            "the bucket changed after this cid, so nothing was written; get the changes, apply"
                + " them, and send again what is left"));
  }
}
