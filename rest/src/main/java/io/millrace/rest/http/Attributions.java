package io.millrace.rest.http;

import io.millrace.api.document.Attribution;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who writes and why: parameters, or headers where there is no parameter. */
public final class Attributions {
  /** The names of the parameters. */
  public static final Set<String> PARAMETERS = Set.of("author", "message");

  private Attributions() {}

  /**
   * What the request says of its author and its reason.
   *
   * @throws io.millrace.api.error.InvalidRequestException when it is too long, or has control
   *     characters
   */
  public static Attribution of(RoutingContext context, Parameters parameters) {
    String author = text(context, parameters, "author", "Millrace-Author");
    String message = text(context, parameters, "message", "Millrace-Message");
    return author == null && message == null
        ? Attribution.none()
        : Attribution.require(new Attribution(author, message));
  }

  private static @Nullable String text(
      RoutingContext context, Parameters parameters, String parameter, String header) {
    String text = parameters.text(parameter);
    if (text == null) {
      String encoded = context.request().getHeader(header);
      text = encoded == null ? null : PathSegments.percentDecode(encoded, false);
    }
    return text == null || text.isEmpty() ? null : text;
  }
}
