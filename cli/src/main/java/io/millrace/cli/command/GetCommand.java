package io.millrace.cli.command;

import io.millrace.cli.client.Answer;
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

/** Shows a document as the database sends it. */
@Command(name = "get", description = "Shows a document, as it is now or was once.")
final class GetCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(index = "1", paramLabel = "ID", description = "The document.")
  private String id = "";

  @Option(names = "--rev", paramLabel = "REV", description = "This revision of it.")
  private @Nullable String revision;

  @Mixin private final PastOptions past = new PastOptions();

  @Option(names = "--conflicts", description = "With the revisions that lost against it.")
  private boolean conflicts;

  @Option(names = "--pretty", description = "Over several lines.")
  private boolean pretty;

  GetCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Call call =
        Call.get(bucket, id)
            .with("rev", revision)
            .with("at", past.at())
            .flag("conflicts", conflicts);
    try (Endpoint endpoint = client.connect(options)) {
      Answer answer = endpoint.send(call);
      client.out().println(pretty ? Json.pretty(answer.text()) : answer.text());
    }
    return ExitCodes.DONE;
  }
}
