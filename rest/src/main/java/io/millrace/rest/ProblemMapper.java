package io.millrace.rest;

import io.millrace.rest.http.Problem;
import io.millrace.rest.http.Problems;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers with the problem that an exception is. */
@Singleton
public final class ProblemMapper {
  private final Problems problems;
  private final AllowedMethods allowed = AllowedMethods.ofAllResources();

  ProblemMapper(Problems problems) {
    this.problems = problems;
  }

  /** Any exception that leaves a resource, or that kept a request from reaching one. */
  @ServerExceptionMapper(Throwable.class)
  public Response answer(Throwable thrown, RoutingContext context) {
    Problem problem = problems.of(thrown);
    if (problem.status() == 405) {
      problem.header("Allow", String.join(", ", allowed.of(context.normalizedPath())));
    }
    return problem.response();
  }
}
