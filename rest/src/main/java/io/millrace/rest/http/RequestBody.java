package io.millrace.rest.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the body of one request, up to a limit. Used on the event loop.
 *
 * <p>What goes beyond the limit is refused with 413 at once; the rest of it is read and thrown
 * away, so that the client gets to see the answer, unless it goes on for too long.
 */
public final class RequestBody {
  /** How much of a refused body is thrown away before the connection is. */
  private static final long MOST_DISCARDED_BYTES = 256L << 20;

  private final HttpServerRequest request;
  private final int maxBytes;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private @Nullable Buffer gathered;
  private boolean growing;
  private long discarded;

  private RequestBody(HttpServerRequest request, int maxBytes) {
    this.request = request;
    this.maxBytes = maxBytes;
  }

  /**
   * The body of the request that {@code context} handles.
   *
   * @return fails with a {@link ProblemException} when it is longer than {@code maxBytes}
   */
  public static CompletableFuture<byte[]> read(RoutingContext context, int maxBytes) {
    return new RequestBody(context.request(), maxBytes).begin();
  }

  private CompletableFuture<byte[]> begin() {
    boolean waits = expectsContinue(request);
    if (declaredLength() > maxBytes) {
      body.completeExceptionally(tooLarge(maxBytes));
      if (!waits) {
        discard();
      }
      return body;
    }
    if (waits) {
      request.response().writeContinue();
    }
    if (request.isEnded()) {
      body.complete(new byte[0]);
      return body;
    }
    request.handler(this::gather);
    request.exceptionHandler(body::completeExceptionally);
    request.endHandler(end -> body.complete(gathered == null ? new byte[0] : gathered.getBytes()));
    request.resume();
    return body;
  }

  /** Whether the client waits for a word before it sends the body. */
  public static boolean expectsContinue(HttpServerRequest request) {
    return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
  }

  /** The refusal of a body. */
  static ProblemException tooLarge(int maxBytes) {
    return Problem.of(
            413, "body-too-large", "the body is longer than the " + maxBytes + " bytes accepted")
        .with("limit", maxBytes)
        .exception();
  }

  private long declaredLength() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void gather(Buffer part) {
    Buffer before = gathered;
    if ((before == null ? 0L : before.length()) + part.length() > maxBytes) {
      gathered = null;
      body.completeExceptionally(tooLarge(maxBytes));
      discard();
    } else if (before == null) {
      gathered = part;
    } else {
      if (!growing) {
        // The first part belongs to the connection; most bodies have no second one.
        growing = true;
        before = Buffer.buffer(before.length() * 2 + part.length()).appendBuffer(before);
      }
      gathered = before.appendBuffer(part);
    }
  }

  private void discard() {
    request.handler(
        part -> {
          discarded += part.length();
          if (discarded > MOST_DISCARDED_BYTES) {
            request.connection().close();
          }
        });
    request.exceptionHandler(gone -> {});
    request.endHandler(end -> {});
    request.resume();
  }
}
