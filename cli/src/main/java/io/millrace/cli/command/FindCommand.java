package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers a question that nobody defined. */
@Command(
    name = "find",
    description = {
      "Answers a question in the query language without a definition, one result a line, with",
      "whatever index fits; docs/views/query.md has the language. For example:",
      "  millrace find films '[{\"$filter\":{\"year\":1979}}]'"
    })
final class FindCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "JSON",
      description = {
        "The stages as an array, or an object with query; a text, @FILE, or - for the standard",
        "input, which is the default."
      })
  private @Nullable String question;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
  private @Nullable Long limit;

  @Option(names = "--explain", description = "Say how it would be answered instead.")
  private boolean explain;

  FindCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    String text = client.text(question);
    JsonNode tree = Json.given(text, "the question");
    String body = tree.isArray() ? "{\"query\":" + text + "}" : text;
    Call call = Call.post(bucket, "_find").json(body).with("limit", limit).flag("explain", explain);
    try (Endpoint endpoint = client.connect(options)) {
      if (explain) {
        String plan = endpoint.send(call).text();
        client.out().println(options.json() ? plan : Json.pretty(plan));
      } else {
        client.each(endpoint, call, client.out()::println);
      }
    }
    return ExitCodes.DONE;
  }
}
