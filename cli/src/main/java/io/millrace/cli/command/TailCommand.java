package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.UnavailableException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Table;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows what is written. */
@Command(
    name = "tail",
    description = {
      "Shows the last changes of a bucket, or of the whole database, and then each as it is made,",
      "until Ctrl-C."
    })
final class TailCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "BUCKET",
      description = "The bucket; all of them if not given.")
  private @Nullable String bucket;

  @Option(
      names = {"-n", "--last"},
      paramLabel = "N",
      description = "Begin with the last N changes; 10 if not given.")
  private long last = 10;

  @Option(
      names = "--since",
      paramLabel = "SEQ",
      description = "Begin with what came after this sequence instead.")
  private @Nullable Long since;

  @Option(names = "--limit", paramLabel = "N", description = "End after N new ones.")
  private @Nullable Long limit;

  @Option(names = "--no-follow", description = "Show what is there, and end.")
  private boolean noFollow;

  @Option(names = "--id", paramLabel = "ID", description = "Only of this document.")
  private @Nullable String id;

  @Option(names = "--body", description = "With the documents.")
  private boolean body;

  TailCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Call activity =
        (bucket == null ? Call.get("_system", "activity") : Call.get(bucket, "_activity"))
            .with("id", id)
            .flag("body", body);
    try (Endpoint endpoint = client.connect(options)) {
      long seen = since == null ? showLast(endpoint, activity) : since;
      if (noFollow) {
        if (since != null) {
          client.each(endpoint, activity.with("since", seen).with("limit", limit), this::print);
        }
        return ExitCodes.DONE;
      }
      Call live = activity.with("feed", "live").with("since", seen).with("limit", limit);
      client.each(endpoint, live, this::print);
    }
    return ExitCodes.DONE;
  }

  /** Answers the sequence of the last one, or of the present when there is none. */
  private long showLast(Endpoint endpoint, Call activity) {
    Call none = activity.without("id", "body").with("limit", 1).flag("reverse", true);
    long now = endpoint.send(none).sequence();
    Deque<String> newest = new ArrayDeque<>();
    if (last > 0 && now > 0) {
      Call backwards = activity.with("lte", now).flag("reverse", true).with("limit", last);
      client.each(endpoint, backwards, newest::push);
      newest.forEach(this::print);
      client.out().flush();
    }
    return now;
  }

  private void print(String line) {
    JsonNode entry = Json.tree(line);
    if (entry.has("end")) {
      throw new UnavailableException("feed-ended", "the feed ended: " + Texts.of(entry, "end"));
    }
    client.out().println(options.json() ? line : words(entry));
  }

  private String words(JsonNode entry) {
    StringBuilder words = new StringBuilder(Texts.of(entry, "seq"));
    words.append("  ").append(Texts.of(entry, "time")).append("  ");
    words.append(bucket == null ? Texts.of(entry, "bucket") : bucket);
    if (entry.has("id")) {
      words.append('/').append(Texts.of(entry, "id"));
    }
    words.append("  ").append(entry.path("changes").path(0).asText());
    if (entry.path("deleted").asBoolean()) {
      words.append(" deleted");
    }
    if (!Texts.of(entry, "kind").equals("write")) {
      words.append(' ').append(Texts.of(entry, "kind"));
    }
    if (entry.has("author")) {
      words.append("  ").append(Texts.of(entry, "author"));
    }
    if (entry.has("message")) {
      words.append(": ").append(Texts.title(entry));
    }
    if (entry.has("document")) {
      words.append("  ").append(entry.path("document"));
    }
    return Table.harmless(words.toString());
  }
}
