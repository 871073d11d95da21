package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.NotFoundException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two moments. */
@Command(
    name = "diff",
    description = {
      "Shows what became of a document, or of all documents of a bucket, between two moments: a",
      "sequence, a time such as 2026-05-01T12:00:00Z, or for a document a revision. For a document",
      "without --from, what its last change did."
    })
final class DiffCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The document.")
  private @Nullable String id;

  @Option(names = "--from", paramLabel = "WHEN", description = "The earlier one.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "WHEN", description = "The later one; now if not given.")
  private @Nullable String to;

  DiffCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    try (Endpoint endpoint = client.connect(options)) {
      String document = id;
      if (document == null) {
        compareBucket(endpoint);
      } else {
        compare(endpoint, document);
      }
    }
    return ExitCodes.DONE;
  }

  private void compare(Endpoint endpoint, String document) {
    String start = from == null ? before(endpoint, document) : from;
    Call call = Call.get(bucket, document, "_diff").with("from", start).with("to", to);
    String text = endpoint.send(call).text();
    if (options.json()) {
      client.out().println(text);
    } else {
      new DifferenceLines(client.surroundings()).patch("", Json.tree(text));
    }
  }

  /** The revision before the last. */
  private String before(Endpoint endpoint, String document) {
    List<JsonNode> last = new ArrayList<>();
    Call call = Call.get(bucket, document, "_history").flag("reverse", true).with("limit", 1);
    client.each(endpoint, call, line -> last.add(Json.tree(line)));
    String parent = last.isEmpty() ? "" : Texts.of(last.get(0), "parent");
    if (parent.isEmpty() || parent.equals("null")) {
      throw new NotFoundException(
          "no-earlier-revision", bucket + "/" + document + " has no earlier revision; see history");
    }
    return parent;
  }

  private void compareBucket(Endpoint endpoint) {
    DifferenceLines lines = new DifferenceLines(client.surroundings());
    Call call = Call.get(bucket, "_diff").with("from", from == null ? "0" : from).with("to", to);
    client.each(
        endpoint,
        call,
        line -> {
          if (options.json()) {
            client.out().println(line);
          } else {
            lines.document(Json.tree(line));
          }
        });
  }
}
