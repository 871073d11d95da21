package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says who changed which member. */
@Command(
    name = "blame",
    description = "Says for each member of a document who changed it last, when and why.")
final class BlameCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(index = "1", paramLabel = "ID", description = "The document.")
  private String id = "";

  @Mixin private final PastOptions past = new PastOptions();

  BlameCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    client.show(options, Call.get(bucket, id, "_blame").with("at", past.at()), this::print);
    return ExitCodes.DONE;
  }

  private void print(JsonNode answer) {
    Table table =
        new Table(client.surroundings(), "MEMBER", "#SEQ", "?*REV", "@TIME", "?AUTHOR", "MESSAGE");
    for (JsonNode member : answer.path("members")) {
      table.row(
          Texts.of(member, "name"),
          Texts.of(member, "seq"),
          Texts.of(member, "rev"),
          Texts.of(member, "time"),
          Texts.of(member, "author"),
          Texts.title(member));
    }
    table.flush();
  }
}
