package io.millrace.rest;

import io.millrace.api.ActivityFilter;
import io.millrace.api.Bucket;
import io.millrace.api.CommitFilter;
import io.millrace.api.Database;
import io.millrace.api.document.Blame;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.Document;
import io.millrace.api.document.Moment;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.rest.http.ListAnswer;
import io.millrace.rest.http.Listing;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.ShortAnswer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The past: of documents, of buckets, of the database. */
@Path("/")
@Singleton
@Tag(name = "History")
public final class HistoryResource {
  private static final Set<String> LOG = logParameters();
  private static final Set<String> HISTORY = with(LOG, "body");
  private static final Set<String> DIFFERENCE = Set.of("from", "to");

  private final DatabaseAccess access;
  private final Readers readers;
  private final RestSettings settings;

  HistoryResource(DatabaseAccess access, Readers readers, RestSettings settings) {
    this.access = access;
    this.readers = readers;
    this.settings = settings;
  }

  private static Set<String> logParameters() {
    Set<String> names = new HashSet<>(Parameters.SEQUENCE_RANGE);
    names.addAll(CommitFilters.PARAMETERS);
    return Set.copyOf(names);
  }

  private static Set<String> with(Set<String> names, String more) {
    Set<String> all = new HashSet<>(names);
    all.add(more);
    return Set.copyOf(all);
  }

  @GET
  @Path("{bucket}/{id}/_history")
  @Operation(summary = "The changes of a document, oldest first")
  public CompletionStage<Response> history(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    String name = Names.bucketOfSegment(bucketSegment);
    String id = Names.idOfSegment(idSegment);
    Parameters parameters = Parameters.of(context, HISTORY);
    SequenceRange range = parameters.sequenceRange();
    ActivityFilter filter =
        new ActivityFilter(id, CommitFilters.of(parameters), false, parameters.flag("body", false));
    Bucket bucket = access.database().bucket(name);
    return answer(
        context,
        lines(context),
        () ->
            new SequenceListing<>(
                "history",
                range,
                wanted -> bucket.activity().read(wanted, filter),
                () -> requireDocument(bucket, id),
                Change::sequence,
                HistoryJson::write));
  }

  private static void requireDocument(Bucket bucket, String id) {
    try (Cursor<Change> changes =
        bucket.activity().read(SequenceRange.all().limited(1), ActivityFilter.of(id))) {
      if (!changes.advance()) {
        requireBucket(bucket);
        throw DocumentsResource.missing(bucket, id).exception();
      }
    }
  }

  /** A bucket that was dropped still has its past. */
  private static void requireBucket(Bucket bucket) {
    try (Cursor<Commit> commits =
        bucket.history().commits(SequenceRange.all().limited(1), CommitFilter.none())) {
      if (!commits.advance()) {
        throw BucketsResource.missing(bucket.name()).exception();
      }
    }
  }

  @GET
  @Path("{bucket}/{id}/_tree")
  @Operation(summary = "The revision tree of a document")
  public CompletionStage<Response> tree(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    String name = Names.bucketOfSegment(bucketSegment);
    String id = Names.idOfSegment(idSegment);
    Parameters.of(context, Set.of());
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Bucket bucket = access.database().bucket(name);
    return answer(
        context,
        MediaTypes.JSON,
        () ->
            HistoryJson.of(
                bucket
                    .history()
                    .tree(id)
                    .orElseThrow(() -> DocumentsResource.missing(bucket, id).exception())));
  }

  @GET
  @Path("{bucket}/{id}/_blame")
  @Operation(summary = "Who last changed each member of a document")
  public CompletionStage<Response> blame(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    String name = Names.bucketOfSegment(bucketSegment);
    String id = Names.idOfSegment(idSegment);
    Moment at = Parameters.of(context, Set.of("at")).moment("at", Moment.present());
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Bucket bucket = access.database().bucket(name);
    return answer(
        context,
        MediaTypes.JSON,
        () -> {
          Optional<Blame> blame = bucket.history().blame(id, at);
          Document document = DocumentsResource.present(bucket, id, blame.map(Blame::document));
          return HistoryJson.of(
              blame.orElseThrow(
                  () -> DocumentsResource.missing(bucket, document.id()).exception()));
        });
  }

  @GET
  @Path("{bucket}/{id}/_diff")
  @Operation(summary = "The JSON Patch (RFC 6902) between two states of a document")
  public CompletionStage<Response> difference(
      @Context RoutingContext context,
      @Encoded @PathParam("bucket") String bucketSegment,
      @Encoded @PathParam("id") String idSegment) {
    String name = Names.bucketOfSegment(bucketSegment);
    String id = Names.idOfSegment(idSegment);
    Parameters parameters = Parameters.of(context, DIFFERENCE);
    requireFrom(parameters);
    Moment from = parameters.momentOfDocument("from", Moment.present());
    Moment to = parameters.momentOfDocument("to", Moment.present());
    String type = MediaTypes.negotiate(context, MediaTypes.JSON, MediaTypes.JSON_PATCH);
    Bucket bucket = access.database().bucket(name);
    return answer(context, type, () -> HistoryJson.of(bucket.history().patch(id, from, to)));
  }

  private static void requireFrom(Parameters parameters) {
    if (!parameters.has("from")) {
      throw Parameters.refused("from", "is needed");
    }
  }

  @GET
  @Path("{bucket}/_log")
  @Operation(summary = "The commits that changed a bucket, oldest first")
  public CompletionStage<Response> log(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    Parameters parameters = Parameters.of(context, LOG);
    CommitFilter filter = CommitFilters.of(parameters);
    SequenceRange range = parameters.sequenceRange();
    Database database = access.database();
    Bucket bucket = database.bucket(name);
    return answer(
        context,
        lines(context),
        () ->
            new SequenceListing<>(
                "commits",
                range,
                wanted -> bucket.history().commits(wanted, filter),
                () -> requireBucket(bucket),
                Commit::last,
                (json, commit) -> HistoryJson.write(json, commit, database)));
  }

  @GET
  @Path("_system/log")
  @Operation(summary = "The commits of all buckets, oldest first")
  public CompletionStage<Response> log(@Context RoutingContext context) {
    Parameters parameters = Parameters.of(context, LOG);
    CommitFilter filter = CommitFilters.of(parameters);
    SequenceRange range = parameters.sequenceRange();
    Database database = access.database();
    return answer(
        context,
        lines(context),
        () ->
            new SequenceListing<>(
                "commits",
                range,
                wanted -> database.commits(wanted, filter),
                () -> {},
                Commit::last,
                (json, commit) -> HistoryJson.write(json, commit, database)));
  }

  @GET
  @Path("{bucket}/_diff")
  @Operation(summary = "What became of the documents of a bucket between two moments")
  public CompletionStage<Response> differences(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    Parameters parameters = Parameters.of(context, with(DIFFERENCE, "body"));
    requireFrom(parameters);
    Moment from = parameters.moment("from", Moment.present());
    Moment to = parameters.moment("to", Moment.present());
    boolean bodies = parameters.flag("body", true);
    boolean lines = lines(context);
    Database database = access.database();
    return answer(
        context,
        lines,
        () -> {
          Bucket bucket = database.bucket(name);
          return new DifferenceListing(
              bucket.history(),
              sequence(database, from),
              sequence(database, to),
              lines,
              bodies,
              () -> requireBucket(bucket));
        });
  }

  /** The present stays the same for all walks, and a time is looked for once. */
  private static long sequence(Database database, Moment moment) {
    if (moment instanceof Moment.AtSequence at) {
      return at.sequence();
    }
    return moment == Moment.present() ? database.since().value() : database.resolve(moment);
  }

  private CompletionStage<Response> answer(
      RoutingContext context, boolean lines, Supplier<Listing> open) {
    return ShortAnswer.send(
        context,
        readers
            .scan(open)
            .thenCompose(
                listing ->
                    ListAnswer.of(
                        context, listing, lines, readers.scans(), settings.stallLimit())));
  }

  private CompletionStage<Response> answer(
      RoutingContext context, String type, Supplier<byte[]> json) {
    return ShortAnswer.send(
        context, readers.scan(() -> new ShortAnswer(200, type, json.get(), null, null)));
  }

  private static boolean lines(RoutingContext context) {
    return MediaTypes.negotiate(context, MediaTypes.JSON, MediaTypes.NDJSON)
        .equals(MediaTypes.NDJSON);
  }
}
