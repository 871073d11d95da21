package io.millrace.rest.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Puts {@link PathSegments} before every routing, and answers where a path cannot be routed. */
@Singleton
public final class PathGuard {
  private static final String PROTECTED = PathGuard.class.getName();

  /** Before everything else that looks at paths. */
  private static final int FIRST = 10_000;

  void register(@Observes Filters filters) {
    filters.register(PathGuard::guard, FIRST);
  }

  /** A path with malformed escapes never gets as far as a filter. */
  void register(@Observes Router router) {
    router.errorHandler(400, PathGuard::refuse);
  }

  private static void refuse(RoutingContext context) {
    Problem problem = Problem.of(400, "malformed-request", "the address or a header is malformed");
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader("Content-Type", Problem.MEDIA_TYPE)
        .end(Buffer.buffer(problem.json()));
  }

  private static void guard(RoutingContext context) {
    String path = context.request().path();
    if (PathSegments.endangered(path) && context.get(PROTECTED) == null) {
      context.put(PROTECTED, Boolean.TRUE);
      context.reroute(context.request().method(), withQuery(context, PathSegments.protect(path)));
    } else {
      context.next();
    }
  }

  private static String withQuery(RoutingContext context, String path) {
    String query = context.request().query();
    return query == null ? path : path + "?" + query;
  }
}
