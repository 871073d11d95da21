package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.JsonText.WrittenDocument;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.rest.http.Attributions;
import io.millrace.rest.http.EntityTags;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.ShortAnswer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** One document: read, written, patched, deleted. */
@Path("/")
@Singleton
@Tag(name = "Documents")
public final class DocumentsResource {
  private static final Set<String> READING = Set.of("rev", "at", "conflicts");
  private static final Set<String> WRITING = Set.of("rev", "author", "message");

  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;

  DocumentsResource(DatabaseAccess access, Readers readers, Bodies bodies) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
  }

  @GET
  @Path("{bucket}/{id}")
  @Operation(summary = "Reads a document, as it is, as it was, or one of its revisions")
  public CompletionStage<Response> read(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    String bucketName = Names.bucketOfSegment(bucketSegment);
    String id = Names.idOfSegment(idSegment);
    Parameters parameters = Parameters.of(context, READING);
    MediaTypes.negotiate(context, MediaTypes.JSON);
    EntityTags match = EntityTags.parse(context.request().getHeader(HttpHeaders.IF_MATCH));
    EntityTags noneMatch = EntityTags.parse(context.request().getHeader(HttpHeaders.IF_NONE_MATCH));
    Database database = access.database();
    return ShortAnswer.send(
        context,
        readers.read(
            () -> {
              Bucket bucket = database.bucket(bucketName);
              Document document = present(bucket, id, find(database, bucket, id, parameters));
              return answer(document, parameters.flag("conflicts", false), match, noneMatch);
            }));
  }

  private static Optional<Document> find(
      Database database, Bucket bucket, String id, Parameters parameters) {
    if (parameters.names().isEmpty()) {
      return bucket.find(id);
    }
    Revision revision = parameters.revision("rev");
    boolean conflicts = parameters.flag("conflicts", false);
    int kinds = (revision == null ? 0 : 1) + (parameters.has("at") ? 1 : 0) + (conflicts ? 1 : 0);
    if (kinds > 1) {
      throw new InvalidRequestException(
          "invalid-parameter", "of the parameters rev, at and conflicts only one can be given");
    }
    if (revision != null) {
      Optional<Document> state = bucket.find(id, revision);
      if (state.isEmpty() && bucket.find(id).isPresent()) {
        throw Problem.of(404, "unknown-target", "the document has no revision " + revision)
            .with("id", id)
            .exception();
      }
      return state;
    }
    if (parameters.has("at")) {
      return bucket.findAt(id, parameters.at("at", database, 0));
    }
    return conflicts ? bucket.findWithConflicts(id) : bucket.find(id);
  }

  /** The problem of a document that is not there. */
  static Problem missing(Bucket bucket, String id) {
    return bucket.info().isEmpty()
        ? BucketsResource.missing(bucket.name())
        : Problem.of(404, "document-missing", "there is no such document in " + bucket.name())
            .with("id", id);
  }

  /** {@code found}, if it is a live document; otherwise a refusal with 404. */
  static Document present(Bucket bucket, String id, Optional<Document> found) {
    if (found.isEmpty()) {
      throw missing(bucket, id).exception();
    }
    Document document = found.get();
    if (document.deleted()) {
      throw Problem.of(404, "document-deleted", "the document was deleted")
          .with("id", id)
          .with("deleted", true)
          .with("rev", document.revision())
          .exception();
    }
    return document;
  }

  private static ShortAnswer answer(
      Document document,
      boolean conflicts,
      @Nullable EntityTags match,
      @Nullable EntityTags noneMatch) {
    String tag = EntityTags.of(document.revision());
    if (conflicts && document.body().tree().has("conflicts")) {
      throw Problem.of(
              422,
              "contradicting-members",
              "the document has a member 'conflicts' of its own; read it without conflicts=true")
          .with("id", document.id())
          .exception();
    }
    if (match != null && !match.matchesStrongly(document.revision())) {
      throw Problem.of(412, "precondition-failed", "the document has another revision")
          .with("current", document.revision())
          .exception();
    }
    if (noneMatch != null && noneMatch.matchesWeakly(document.revision())) {
      return ShortAnswer.notModified(tag);
    }
    return ShortAnswer.json(200, DocumentJson.of(document, conflicts), tag);
  }

  @PUT
  @Path("{bucket}/{id}")
  @Operation(summary = "Makes or replaces a document")
  public CompletionStage<Response> write(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    String bucket = Names.bucketOfSegment(bucketSegment);
    String id = Names.idOfSegment(idSegment);
    Parameters parameters = Parameters.of(context, WRITING);
    Attribution attribution = Attributions.of(context, parameters);
    boolean onlyCreate = "*".equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH));
    Database database = access.database();
    return ShortAnswer.send(
        context,
        bodies
            .document(context)
            .thenCompose(
                document -> {
                  requireSameId(id, document);
                  Preconditions wanted =
                      Preconditions.of(
                          context.request(), parameters, document.revision(), Base.absent());
                  return commit(
                      database,
                      wanted,
                      bucket,
                      id,
                      base -> new Edit.Put(bucket, id, base, bodies.limited(document.body())),
                      attribution);
                }),
        outcome -> WriteAnswers.put(outcome, onlyCreate));
  }

  private static void requireSameId(String id, WrittenDocument document) {
    if (document.id() != null && !document.id().equals(id)) {
      throw Problem.of(422, "contradicting-ids", "the body has another id than the address")
          .with("id", document.id())
          .exception();
    }
  }

  @PATCH
  @Path("{bucket}/{id}")
  @Operation(summary = "Patches a document (RFC 7396 or RFC 6902)")
  public CompletionStage<Response> patch(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    String bucket = Names.bucketOfSegment(bucketSegment);
    String id = Names.idOfSegment(idSegment);
    Parameters parameters = Parameters.of(context, WRITING);
    Attribution attribution = Attributions.of(context, parameters);
    String type = MediaTypes.require(context, MediaTypes.MERGE_PATCH, MediaTypes.JSON_PATCH);
    Database database = access.database();
    return ShortAnswer.send(
        context,
        bodies
            .json(context, type)
            .thenCompose(
                text -> {
                  Patch patch = Patch.read(text, type, id, bodies.maxDocumentBytes());
                  Preconditions wanted =
                      Preconditions.of(context.request(), parameters, patch.revision(), Base.any());
                  return commit(
                      database,
                      wanted,
                      bucket,
                      id,
                      base -> new Edit.Transform(bucket, id, base, patch.transformation()),
                      attribution);
                }),
        WriteAnswers::changed);
  }

  @DELETE
  @Path("{bucket}/{id}")
  @Operation(summary = "Deletes a document")
  public CompletionStage<Response> delete(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    String bucket = Names.bucketOfSegment(bucketSegment);
    String id = Names.idOfSegment(idSegment);
    MediaTypes.requireJsonOrNone(context);
    Parameters parameters = Parameters.of(context, WRITING);
    Attribution attribution = Attributions.of(context, parameters);
    Preconditions wanted = Preconditions.of(context.request(), parameters, null, Base.absent());
    return ShortAnswer.send(
        context,
        commit(
            access.database(),
            wanted,
            bucket,
            id,
            base -> new Edit.Delete(bucket, id, base),
            attribution),
        WriteAnswers::changed);
  }

  /** Commits one edit; where {@code If-Match} left a choice, the present revision decides. */
  private CompletionStage<CommitOutcome> commit(
      Database database,
      Preconditions wanted,
      String bucket,
      String id,
      Function<Base, Edit> edit,
      Attribution attribution) {
    if (wanted.choices().size() < 2) {
      return database.commit(CommitRequest.write(List.of(edit.apply(wanted.base())), attribution));
    }
    Set<Revision> choices = new HashSet<>(wanted.choices());
    return readers
        .read(() -> database.bucket(bucket).find(id).map(Document::revision))
        .thenCompose(
            current -> {
              Base base = current.filter(choices::contains).map(Base::of).orElse(wanted.base());
              return database.commit(CommitRequest.write(List.of(edit.apply(base)), attribution));
            });
  }
}
