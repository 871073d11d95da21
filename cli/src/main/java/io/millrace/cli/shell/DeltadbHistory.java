package io.millrace.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Lines;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Commits as deltadb lists them: hash, source, message, date, operation, collection and id, oldest
 * first. A commit of several documents has a line for each.
 */
final class DeltadbHistory {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("MMM d, yyyy 'at' h:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final List<String> shown = new ArrayList<>();
  private final Lines changes;
  private @Nullable JsonNode change;

  private DeltadbHistory(Lines changes) {
    this.changes = changes;
    advance();
  }

  /** The lines of the first {@code limit} commits. */
  static List<String> first(Endpoint endpoint, long limit) {
    try (Lines commits = endpoint.lines(Call.get("_system", "log").with("limit", limit));
        Lines changes = endpoint.lines(Call.get("_system", "activity"))) {
      DeltadbHistory history = new DeltadbHistory(changes);
      for (String line = commits.next(); line != null; line = commits.next()) {
        history.add(Json.tree(line));
      }
      return history.shown;
    }
  }

  private void advance() {
    String line = changes.next();
    change = line == null ? null : Json.tree(line);
  }

  private void add(JsonNode commit) {
    long last = commit.path("seq").asLong();
    String kind = commit.path("kind").asText();
    boolean whole = !kind.equals("write") && !kind.equals("replicated");
    if (whole) {
      shown.add(line(commit, operation(kind), commit.path("bucket").asText("")));
    }
    for (JsonNode next = change; next != null && next.path("seq").asLong() <= last; next = change) {
      if (!whole) {
        String operation = next.path("deleted").asBoolean() ? "OpDeleteDocument" : "OpSetDocument";
        shown.add(
            line(commit, operation, next.path("bucket").asText() + ' ' + next.path("id").asText()));
      }
      advance();
    }
  }

  private static String operation(String kind) {
    return switch (kind) {
      case "bucket-created" -> "OpCreateCollection";
      case "bucket-dropped" -> "OpDeleteCollection";
      case "rollback" -> "OpRollback";
      default -> kind;
    };
  }

  private static String line(JsonNode commit, String operation, String what) {
    Instant time = Instant.parse(commit.path("time").asText());
    String half = time.atZone(ZoneOffset.UTC).getHour() < 12 ? "am" : "pm";
    return String.join(
            " ",
            commit.path("seq").asText(),
            commit.path("author").asText("-"),
            commit.path("message").asText("-"),
            DATE.format(time) + half + " (UTC)",
            operation,
            what)
        .stripTrailing();
  }
}
