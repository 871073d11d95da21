package io.millrace.rest.http;

import io.millrace.api.document.TransformationRefusedException;
import io.millrace.api.error.MalformedJsonException;
import io.millrace.api.error.MillraceException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Turns whatever was thrown into the problem that the client is told: the one place where the
 * status follows from the category of an error.
 *
 * <p>Errors that are not the client's are logged under an id that the client is told, and nothing
 * else of them leaves the server. Safe for use by many threads.
 */
@Singleton
public final class Problems {
  private static final Logger LOG = Logger.getLogger(Problems.class);

  /** The text makes sense, what it asks for does not. */
  private static final Set<String> UNPROCESSABLE =
      Set.of(
          "invalid-definition",
          "not-an-object",
          "reserved-member",
          "invalid-member",
          "invalid-patch",
          "unknown-module",
          "not-a-backup",
          "duplicate-document",
          "transformation-refused");

  /** What the client holds is gone for good. */
  private static final Set<String> GONE = Set.of("start-over");

  private static final Set<String> TOO_LARGE =
      Set.of("document-too-large", "body-too-large", "record-too-large", "commit-too-large");

  private final AtomicLong errors = new AtomicLong();
  private final String process =
      Long.toString(ManagementFactory.getRuntimeMXBean().getStartTime(), 36);

  /** The problem that {@code thrown} is to the client. */
  public Problem of(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ProblemException known) {
      return known.problem();
    }
    if (cause instanceof MillraceException known) {
      return of(known);
    }
    if (cause instanceof WebApplicationException refusal) {
      return of(refusal);
    }
    return internal(500, "internal", "the server failed to answer", cause);
  }

  private Problem of(MillraceException thrown) {
    String detail = String.valueOf(thrown.getMessage());
    return switch (thrown.category()) {
      case CALLER -> caller(thrown, detail);
      case CONFLICT -> Problem.of(GONE.contains(thrown.code()) ? 410 : 409, thrown.code(), detail);
      case NOT_FOUND -> Problem.of(404, thrown.code(), detail);
      case UNAVAILABLE ->
          Problem.of(503, thrown.code(), detail).header("Retry-After", retryAfter(thrown.code()));
      case UNKNOWN_OUTCOME ->
          internal(
                  500,
                  "unknown-outcome",
                  "it is not known whether this write took effect; read to find out before it is"
                      + " repeated",
                  thrown)
              .with("outcome", "unknown");
      case UNSUPPORTED -> internal(501, thrown.code(), detail, thrown);
      case CORRUPT -> internal(500, thrown.code(), "stored data is damaged", thrown);
      case INTERNAL -> internal(500, thrown.code(), "the server failed to answer", thrown);
    };
  }

  private static Problem caller(MillraceException thrown, String detail) {
    if (thrown instanceof MalformedJsonException malformed) {
      return Problem.of(400, thrown.code(), detail)
          .with("line", malformed.line())
          .with("column", malformed.column());
    }
    if (thrown instanceof TransformationRefusedException refused && refused.conflict()) {
      return Problem.of(409, thrown.code(), detail);
    }
    int status =
        TOO_LARGE.contains(thrown.code()) ? 413 : UNPROCESSABLE.contains(thrown.code()) ? 422 : 400;
    return Problem.of(status, thrown.code(), detail);
  }

  private static String retryAfter(String code) {
    return code.equals("writer-full") || code.equals("starting") ? "1" : "5";
  }

  private Problem of(WebApplicationException refusal) {
    int status = refusal.getResponse().getStatus();
    if (refusal instanceof NotFoundException) {
      return Problem.of(404, "no-such-resource", "there is nothing at this address");
    }
    if (refusal instanceof NotAllowedException) {
      return Problem.of(405, "method-not-allowed", "this address does not know this method");
    }
    if (refusal instanceof NotAcceptableException) {
      return Problem.of(406, "not-acceptable", "no form of the answer is acceptable");
    }
    if (refusal instanceof NotSupportedException) {
      return Problem.of(415, "unsupported-media-type", "the body has a type not accepted here");
    }
    return status >= 500
        ? internal(status, "internal", "the server failed to answer", refusal)
        : Problem.of(status, "bad-request", String.valueOf(refusal.getMessage()));
  }

  private Problem internal(int status, String code, String detail, Throwable thrown) {
    String id = process + "-" + Long.toString(errors.incrementAndGet(), 36);
    LOG.errorf(thrown, "Request failed, error id %s", id);
    return Problem.of(status, code, detail + "; the server's log has the error id " + id)
        .with("id", id);
  }
}
