package io.millrace.rest;

import io.millrace.api.Activity;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.rest.http.ListAnswer;
import io.millrace.rest.http.Names;
import io.millrace.rest.http.ShortAnswer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The changes of a bucket or of all buckets: listed, waited for, followed. */
@Path("/")
@Singleton
@Tag(name = "Activity")
public final class ActivityResource {
  private final DatabaseAccess access;
  private final Readers readers;
  private final LiveFeeds feeds;
  private final RestSettings settings;

  ActivityResource(DatabaseAccess access, Readers readers, LiveFeeds feeds, RestSettings settings) {
    this.access = access;
    this.readers = readers;
    this.feeds = feeds;
    this.settings = settings;
  }

  @GET
  @Path("{bucket}/_activity")
  @Operation(summary = "The changes of a bucket: a list, a long poll or a live feed")
  public CompletionStage<Response> ofBucket(
      @Context RoutingContext context, @Encoded @PathParam("bucket") String segment) {
    String name = Names.bucketOfSegment(segment);
    ActivityRequest request = ActivityRequest.of(context);
    Bucket bucket = access.database().bucket(name);
    return answer(
        context, bucket.activity(), request, false, () -> requireKnown(bucket, bucket.activity()));
  }

  @GET
  @Path("_system/activity")
  @Operation(summary = "The changes of all buckets: a list, a long poll or a live feed")
  public CompletionStage<Response> ofDatabase(@Context RoutingContext context) {
    ActivityRequest request = ActivityRequest.of(context);
    Database database = access.database();
    return answer(context, database.activity(), request, true, () -> {});
  }

  /** A bucket that was dropped still has its past; one that never was has nothing. */
  private static void requireKnown(Bucket bucket, Activity activity) {
    if (activity.sequence() == 0) {
      BucketsResource.existing(bucket);
    }
  }

  private CompletionStage<Response> answer(
      RoutingContext context,
      Activity activity,
      ActivityRequest request,
      boolean bucket,
      Runnable existence) {
    return switch (request.form()) {
      case LIST, LINES ->
          ShortAnswer.send(
              context,
              readers
                  .scan(
                      () -> {
                        existence.run();
                        return new ActivityListing(activity, request, bucket);
                      })
                  .thenCompose(
                      listing ->
                          ListAnswer.of(
                              context,
                              listing,
                              request.form() == ActivityRequest.Form.LINES,
                              readers.scans(),
                              settings.stallLimit())));
      case LONG_POLL ->
          ShortAnswer.send(
              context,
              new LongPoll(
                      context,
                      activity,
                      request,
                      bucket,
                      existence,
                      readers.scans(),
                      settings.stallLimit())
                  .start(feeds));
      case LIVE_LINES, EVENTS ->
          new LiveFeed(
                  context,
                  new ActivityFeed(activity, request, bucket, existence),
                  request.form() == ActivityRequest.Form.EVENTS,
                  readers.scans(),
                  settings.stallLimit())
              .start(feeds, settings.heartbeat());
    };
  }
}
