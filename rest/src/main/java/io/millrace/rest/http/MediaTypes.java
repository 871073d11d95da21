package io.millrace.rest.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which types bodies have, and which answers a client accepts. */
public final class MediaTypes {
  /** One JSON value. */
  public static final String JSON = "application/json";

  /** One JSON value a line. */
  public static final String NDJSON = "application/x-ndjson";

  /** Server-sent events. */
  public static final String EVENTS = "text/event-stream";

  /** RFC 7396. */
  public static final String MERGE_PATCH = "application/merge-patch+json";

  /** RFC 6902. */
  public static final String JSON_PATCH = "application/json-patch+json";

  private MediaTypes() {}

  /**
   * The one of {@code accepted} that the body of the request has.
   *
   * @throws ProblemException with status 415 when it has none of them
   */
  public static String require(RoutingContext context, String... accepted) {
    String header = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (header != null) {
      for (String type : accepted) {
        if (header.equals(type) || matches(header, type)) {
          return type;
        }
      }
    }
    throw Problem.of(
            415,
            "unsupported-media-type",
            (header == null ? "the request has no Content-Type" : "not accepted here: " + header)
                + "; add the header Content-Type: "
                + String.join(" or Content-Type: ", accepted))
        .header("Accept", String.join(", ", accepted))
        .exception();
  }

  /**
   * As {@link #require} with {@link #JSON}, but for requests that need no body: one without a type
   * passes unless a browser sends it on behalf of a page.
   */
  public static void requireJsonOrNone(RoutingContext context) {
    if (context.request().getHeader(HttpHeaders.CONTENT_TYPE) != null
        || context.request().getHeader(HttpHeaders.ORIGIN) != null) {
      require(context, JSON);
    }
  }

  private static boolean matches(String header, String type) {
    String[] parts = header.split(";");
    if (!parts[0].strip().equalsIgnoreCase(type)) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return true;
  }

  /**
   * The one of {@code offered} that the client likes best; the first of equals.
   *
   * @throws ProblemException with status 406 when it accepts none of them
   */
  public static String negotiate(RoutingContext context, String... offered) {
    String header = context.request().getHeader(HttpHeaders.ACCEPT);
    if (header == null || header.equals("*/*") || header.equals(offered[0])) {
      return offered[0];
    }
    return negotiate(String.join(",", context.request().headers().getAll("Accept")), offered);
  }

  static String negotiate(String accept, String... offered) {
    String best = null;
    double bestQuality = 0;
    for (String type : offered) {
      double quality = quality(accept, type);
      if (quality > bestQuality) {
        best = type;
        bestQuality = quality;
      }
    }
    if (best == null) {
      throw Problem.of(
              406, "not-acceptable", "offered here: " + String.join(", ", List.of(offered)))
          .exception();
    }
    return best;
  }

  /** The quality of the most specific range that has {@code type}; 0 when none has. */
  private static double quality(String accept, String type) {
    double quality = 0;
    int specificity = -1;
    for (String range : accept.split(",")) {
      String[] parts = range.split(";");
      int matched = specificity(parts[0].strip().toLowerCase(Locale.ROOT), type);
      if (matched > specificity) {
        specificity = matched;
        quality = quality(parts);
      }
    }
    return quality;
  }

  private static int specificity(String range, String type) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1))) {
      return 1;
    }
    return range.equals("*/*") || range.equals("*") ? 0 : -1;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        Double quality = number(parameter.substring(2));
        return quality == null ? 1 : quality;
      }
    }
    return 1;
  }

  private static @Nullable Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
