package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Table;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proves that the past is what it was. */
@Command(
    name = "verify",
    description = {
      "Reads commits, each of which holds the digest of the one before, and says whether any was",
      "altered. The digest that is printed stands for everything until then: noted elsewhere, it",
      "proves that later, with --to and --digest.",
      "Exits with 4 when something was altered."
    })
final class VerifyCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Option(
      names = "--from",
      paramLabel = "SEQ",
      description = "Begin with the commit of this sequence; the first if not given.")
  private @Nullable Long from;

  @Option(
      names = "--to",
      paramLabel = "SEQ",
      description = "End with the commit of this sequence; the last if not given.")
  private @Nullable Long to;

  @Option(
      names = "--digest",
      paramLabel = "DIGEST",
      description = "What the last of them had, noted at another time.")
  private @Nullable String digest;

  VerifyCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Call call =
        Call.get("_system", "log", "verify")
            .with("from", from)
            .with("to", to)
            .with("digest", digest);
    Answer answer = client.show(options, call, this::print);
    return answer.tree().path("ok").asBoolean() ? ExitCodes.DONE : ExitCodes.LOST;
  }

  private void print(JsonNode found) {
    String range = " of sequences " + Texts.of(found, "from") + " to " + Texts.of(found, "to");
    if (found.path("ok").asBoolean()) {
      client.out().println(Texts.of(found, "commits") + " commits" + range + ": none was altered");
      client.out().println("digest " + Texts.of(found, "digest"));
    } else {
      String place = found.has("at") ? "sequence " + Texts.of(found, "at") + ": " : "";
      client
          .out()
          .println(
              "commits"
                  + range
                  + ": altered: "
                  + Table.harmless(place + Texts.of(found, "reason")));
    }
  }
}
