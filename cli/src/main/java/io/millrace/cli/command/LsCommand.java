package io.millrace.cli.command;

import io.millrace.cli.client.Call;
import io.millrace.cli.console.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists documents. */
@Command(name = "ls", description = "Lists the documents of a bucket by their ids.")
final class LsCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Option(names = "--start", paramLabel = "ID", description = "From this id on.")
  private @Nullable String start;

  @Option(names = "--end", paramLabel = "ID", description = "Up to this id, without it.")
  private @Nullable String end;

  @Option(names = "--prefix", paramLabel = "TEXT", description = "Ids that begin so.")
  private @Nullable String prefix;

  @Option(names = "--reverse", description = "The greatest id first.")
  private boolean reverse;

  @Mixin private final PastOptions past = new PastOptions();

  @Option(names = "--body", description = "With what is in them.")
  private boolean body;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many, 0 for all; 100 if not given, with --json all.")
  private long limit = Listed.USUAL_LIMIT;

  LsCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Call call =
        Call.get(bucket, "_documents")
            .with("start", start)
            .with("end", end)
            .with("prefix", prefix)
            .with("at", past.at())
            .flag("reverse", reverse);
    new Listed(client, options).show(call, body, limit);
    return ExitCodes.DONE;
  }
}
