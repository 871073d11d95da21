package io.millrace.cli.command;

import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.console.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at the past. */
@Command(
    name = "at",
    description = {
      "Shows a document as it was, or with no ID which documents a bucket had:",
      "get --at and ls --at with the time first."
    })
final class AtCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(
      index = "0",
      paramLabel = "WHEN",
      description = "A sequence, or a time with its zone, such as 2026-05-01T12:00:00Z.")
  private String when = "";

  @Parameters(index = "1", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(index = "2", arity = "0..1", paramLabel = "ID", description = "The document.")
  private @Nullable String id;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many; 0 for all.")
  private long limit = Listed.USUAL_LIMIT;

  AtCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    if (id == null) {
      new Listed(client, options)
          .show(Call.get(bucket, "_documents").with("at", when), false, limit);
      return ExitCodes.DONE;
    }
    try (Endpoint endpoint = client.connect(options)) {
      client.out().println(endpoint.send(Call.get(bucket, id).with("at", when)).text());
    }
    return ExitCodes.DONE;
  }
}
