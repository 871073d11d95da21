package io.millrace.rest;

import io.millrace.rest.http.Problem;
import io.millrace.rest.http.Problems;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers with the problem that an exception is. */
@Singleton
public final class ProblemMapper {
  /**
   * How a document's resource refuses an address of the server's own: one that has no such method
   * was taken for a document, or for a bucket and a document.
   */
  private static final Set<String> TAKEN_FOR_DOCUMENT = Set.of("invalid-id", "no-such-resource");

  private final Problems problems;
  private final AllowedMethods allowed = AllowedMethods.ofAllResources();

  ProblemMapper(Problems problems) {
    this.problems = problems;
  }

  /** Any exception that leaves a resource, or that kept a request from reaching one. */
  @ServerExceptionMapper(Throwable.class)
  public Response answer(Throwable thrown, RoutingContext context) {
    Problem problem = problems.of(thrown);
    if (problem.status() != 405 && !TAKEN_FOR_DOCUMENT.contains(problem.code())) {
      return problem.response();
    }
    Set<String> methods = allowed.of(context.normalizedPath());
    if (problem.status() != 405) {
      if (methods.isEmpty() || methods.contains(context.request().method().name())) {
        return problem.response();
      }
      problem = problems.of(new NotAllowedException(Response.status(405).allow(methods).build()));
    }
    return problem.header("Allow", String.join(", ", methods)).response();
  }
}
