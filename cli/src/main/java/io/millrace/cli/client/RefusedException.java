package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.ErrorCategory;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;

/** An endpoint's answer that is a problem (RFC 9457). */
public final class RefusedException extends MillraceException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String problem;

  private RefusedException(
      String code, ErrorCategory category, String message, int status, String problem) {
    super(code, category, message, null);
    this.status = status;
    this.problem = problem;
  }

  /**
   * Reads a problem.
   *
   * @param problem the text of the answer, whatever it is
   */
  public static RefusedException of(String endpoint, int status, String problem) {
    JsonNode tree = tree(problem);
    String type = tree.path("type").asText("");
    String code = type.isEmpty() ? "refused" : type.substring(type.lastIndexOf(':') + 1);
    return new RefusedException(
        code, category(status, code), message(endpoint, status, code, tree), status, problem);
  }

  private static JsonNode tree(String problem) {
    try {
      return Json.tree(problem);
    } catch (InvalidRequestException e) {
      return Json.object();
    }
  }

  private static String message(String endpoint, int status, String code, JsonNode tree) {
    if (code.equals("no-such-resource")) {
      return endpoint + " does not know this request; it may be older than this command";
    }
    StringBuilder text = new StringBuilder();
    String title = tree.path("title").asText("");
    String detail = tree.path("detail").asText("");
    text.append(title.isEmpty() ? endpoint + " answers with status " + status : title);
    if (!detail.isEmpty()) {
      text.append(": ").append(detail);
    }
    if (tree.hasNonNull("line") && !detail.contains("line ")) {
      text.append(", line ").append(tree.path("line").asText());
    }
    if (tree.hasNonNull("column") && !detail.contains("column ")) {
      text.append(", column ").append(tree.path("column").asText());
    }
    if (tree.hasNonNull("current") && detail.indexOf(tree.path("current").asText()) < 0) {
      text.append(" (the revision now is ").append(tree.path("current").asText()).append(')');
    }
    if (tree.hasNonNull("imported")) {
      text.append(" (")
          .append(tree.path("imported").asText())
          .append(" documents before it are in)");
    }
    for (JsonNode conflict : tree.path("conflicts")) {
      text.append("; ").append(conflict.path("id").asText());
      if (conflict.hasNonNull("current")) {
        text.append(" is at ").append(conflict.path("current").asText());
      }
    }
    return text.toString();
  }

  private static ErrorCategory category(int status, String code) {
    if (code.equals("no-such-resource")) {
      return ErrorCategory.UNSUPPORTED;
    }
    return switch (status) {
      case 404 -> ErrorCategory.NOT_FOUND;
      case 409, 412 -> ErrorCategory.CONFLICT;
      case 429, 502, 503, 504 -> ErrorCategory.UNAVAILABLE;
      case 501 -> ErrorCategory.UNSUPPORTED;
      default -> {
        if (status < 500) {
          yield ErrorCategory.CALLER;
        }
        yield code.equals("unknown-outcome")
            ? ErrorCategory.UNKNOWN_OUTCOME
            : ErrorCategory.INTERNAL;
      }
    };
  }

  /** The status that HTTP has for it. */
  public int status() {
    return status;
  }

  /** The problem as it came. */
  public String problem() {
    return problem;
  }

  /** A member of the problem. */
  public JsonNode member(String name) {
    return tree(problem).path(name);
  }
}
