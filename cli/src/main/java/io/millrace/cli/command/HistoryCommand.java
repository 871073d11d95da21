package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what became of a document. */
@Command(name = "history", description = "Lists the revisions of a document, the newest first.")
final class HistoryCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(index = "1", paramLabel = "ID", description = "The document.")
  private String id = "";

  @Option(names = "--body", description = "With what was in it.")
  private boolean body;

  @Mixin private final SequenceOptions range = new SequenceOptions();

  HistoryCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Call call = range.of(Call.get(bucket, id, "_history")).flag("body", body);
    JsonNode next =
        body
            ? client.list(
                options,
                call,
                range.limit(options),
                HistoryCommand::withBody,
                "#SEQ",
                "*REV",
                "?AUTHOR",
                "DOCUMENT")
            : client.list(
                options,
                call,
                range.limit(options),
                HistoryCommand::cells,
                "#SEQ",
                "*REV",
                "@TIME",
                "?AUTHOR",
                "?KIND",
                "MESSAGE");
    range.more(client, next);
    return ExitCodes.DONE;
  }

  private static String[] cells(String line) {
    JsonNode change = Json.tree(line);
    return new String[] {
      Texts.of(change, "seq"),
      Texts.of(change, "rev"),
      Texts.of(change, "time"),
      Texts.of(change, "author"),
      kind(change),
      Texts.title(change)
    };
  }

  private static String[] withBody(String line) {
    JsonNode change = Json.tree(line);
    JsonNode document = change.path(change.has("document") ? "document" : "body");
    return new String[] {
      Texts.of(change, "seq"),
      Texts.of(change, "rev"),
      Texts.of(change, "author"),
      document.isMissingNode() ? kind(change) : document.toString()
    };
  }

  private static String kind(JsonNode change) {
    String kind = Texts.of(change, "kind");
    if (change.path("forgotten").asBoolean()) {
      return "forgotten, " + kind;
    }
    return change.path("deleted").asBoolean() ? "deleted, " + kind : kind;
  }
}
