package io.millrace.rest.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is ready as a whole.
 *
 * <p>It is sent past the JAX-RS machinery, which would take up the suspended request again, run the
 * rest of its handlers, build a response and copy its headers, at a cost comparable to that of the
 * read itself. Exceptions take the usual way, so that there is one place where they become
 * problems.
 *
 * @param tag the header {@code ETag}; null for none
 * @param location the header {@code Location}; null for none
 */
@SuppressWarnings("ArrayRecordComponent")
public record ShortAnswer(
    int status,
    CharSequence mediaType,
    byte[] body,
    @Nullable String tag,
    @Nullable String location) {
  private static final CharSequence JSON = HttpHeaders.createOptimized(MediaTypes.JSON);
  private static final CharSequence NDJSON = HttpHeaders.createOptimized(MediaTypes.NDJSON);
  private static final CharSequence PROBLEM = HttpHeaders.createOptimized(Problem.MEDIA_TYPE);
  private static final CharSequence ETAG = HttpHeaders.createOptimized("ETag");
  private static final int NOT_MODIFIED = 304;

  /** One JSON value. */
  public static ShortAnswer json(int status, byte[] body) {
    return new ShortAnswer(status, JSON, body, null, null);
  }

  /** One JSON value, and its entity tag. */
  public static ShortAnswer json(int status, byte[] body, String tag) {
    return new ShortAnswer(status, JSON, body, tag, null);
  }

  /** 200 with one JSON value a line. */
  public static ShortAnswer lines(byte[] body) {
    return new ShortAnswer(200, NDJSON, body, null, null);
  }

  /** 304 for what has the entity tag {@code tag}. */
  public static ShortAnswer notModified(String tag) {
    return new ShortAnswer(NOT_MODIFIED, JSON, new byte[0], tag, null);
  }

  /** A problem that needs no headers of its own. */
  public static ShortAnswer of(Problem problem) {
    return new ShortAnswer(problem.status(), PROBLEM, problem.json(), null, null);
  }

  /** The same with the place of what was made. */
  public ShortAnswer at(String newLocation) {
    return new ShortAnswer(status, mediaType, body, tag, newLocation);
  }

  /**
   * Sends an answer when it is there. To be called on the event loop of the request.
   *
   * @param answer null when the answer was sent already
   * @return what a resource returns
   */
  public static CompletionStage<Response> send(
      RoutingContext context, CompletionStage<? extends @Nullable ShortAnswer> answer) {
    return send(context, answer, Function.identity());
  }

  /**
   * Sends what {@code finish} makes of a result, on the event loop of the request, on which this is
   * called too.
   *
   * @return what a resource returns; cancelling it cancels the wait for the result
   */
  public static <T> CompletionStage<Response> send(
      RoutingContext context,
      CompletionStage<? extends T> result,
      Function<? super T, ? extends @Nullable ShortAnswer> finish) {
    Context loop = Vertx.currentContext();
    CompletableFuture<Response> rest = new CompletableFuture<>();
    result.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            rest.completeExceptionally(failure);
          } else {
            loop.runOnContext(now -> finish(context, value, finish, rest));
          }
        });
    rest.whenComplete(
        (nothing, failure) -> {
          if (rest.isCancelled()) {
            result.toCompletableFuture().cancel(false);
          }
        });
    return rest;
  }

  private static <T> void finish(
      RoutingContext context,
      T value,
      Function<? super T, ? extends @Nullable ShortAnswer> finish,
      CompletableFuture<Response> rest) {
    try {
      ShortAnswer answer = finish.apply(value);
      if (answer == null) {
        rest.complete(null);
      } else {
        // The stage stays open: nothing is left to do for whoever waits for it.
        answer.send(context.response());
      }
    } catch (Throwable failure) {
      rest.completeExceptionally(failure);
    }
  }

  private void send(HttpServerResponse response) {
    if (response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(status);
    if (tag != null) {
      response.putHeader(ETAG, tag);
    }
    if (location != null) {
      response.putHeader(HttpHeaders.LOCATION, location);
    }
    if (status == NOT_MODIFIED) {
      response.end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, mediaType);
      response.end(Buffer.buffer(body));
    }
  }
}
