package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import java.util.Set;

/** A list of documents. */
record Listed(Client client, ConnectionOptions options) {
  /** How many rows a table has unless more are asked for. */
  static final long USUAL_LIMIT = 100;

  void show(Call call, boolean bodies, long limit) {
    Call wanted = bodies ? call : call.with("body", "false");
    long rows = options.json() && limit == USUAL_LIMIT ? 0 : limit;
    JsonNode next =
        bodies
            ? client.list(options, wanted, rows, Listed::withBody, "ID", "*REV", "DOCUMENT")
            : client.list(options, wanted, rows, Listed::plain, "ID", "*REV");
    if (next != null) {
      client.more("--start='" + next.path("id").asText() + "' goes on, --limit=0 shows all");
    }
  }

  private static String[] plain(String line) {
    JsonNode row = Json.tree(line);
    return new String[] {row.path("id").asText(), row.path("rev").asText()};
  }

  private static String[] withBody(String line) {
    JsonNode row = Json.tree(line);
    String own = Json.without(line, Set.of("id", "rev"));
    return new String[] {row.path("id").asText(), row.path("rev").asText(), own};
  }
}
