package io.millrace.rest.http;

import io.millrace.api.error.UnavailableException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The way of a long answer to its client, one piece at a time: a piece is asked for when the one
 * before it has left.
 *
 * <p>The caller sends the next piece only after the previous one is done, so at most one piece
 * waits in memory. Methods may be called on any thread.
 */
public final class Outlet {
  private final Vertx vertx;
  private final HttpServerResponse response;
  private final long stallMillis;

  /**
   * An outlet for the answer to the request that {@code context} handles.
   *
   * @param stallLimit how long a piece may wait for the client
   */
  public Outlet(RoutingContext context, Duration stallLimit) {
    this.vertx = context.vertx();
    this.response = context.response();
    this.stallMillis = Math.max(1, stallLimit.toMillis());
  }

  /** The client did not take a piece for too long. */
  public static final class StalledException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    StalledException(long millis) {
      super("client-stalled", "the client took nothing for " + millis + " ms");
    }
  }

  /** Sends status and headers with the first piece. */
  public void begin(int status, String mediaType) {
    response.setStatusCode(status);
    response.putHeader("Content-Type", mediaType);
    response.putHeader("Cache-Control", "no-cache");
    response.setChunked(true);
  }

  /**
   * Sends a piece.
   *
   * @return done when it has left; fails with {@link StalledException} when the client does not
   *     take it in time, and with something else when the client is gone
   */
  public CompletableFuture<Void> send(byte[] piece) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    if (response.closed()) {
      sent.completeExceptionally(new UnavailableException("client-gone", "the client is gone"));
      return sent;
    }
    long timer =
        vertx.setTimer(
            stallMillis, late -> sent.completeExceptionally(new StalledException(stallMillis)));
    response
        .write(Buffer.buffer(piece))
        .onComplete(
            written -> {
              vertx.cancelTimer(timer);
              if (written.succeeded()) {
                sent.complete(null);
              } else {
                sent.completeExceptionally(written.cause());
              }
            });
    return sent;
  }

  /** Ends the answer properly. */
  public void end() {
    if (!response.closed() && !response.ended()) {
      response.end();
    }
  }

  /**
   * Ends the answer with a last piece for a client that may or may not begin to read again; the
   * connection is given up after another stall limit.
   */
  public void cutOff(byte[] last) {
    if (!response.closed() && !response.ended()) {
      long timer = vertx.setTimer(stallMillis, late -> abort());
      response.end(Buffer.buffer(last)).onComplete(ended -> vertx.cancelTimer(timer));
    }
  }

  /** Ends the connection, so that the client notices that the answer is not whole. */
  public void abort() {
    response.reset();
  }
}
