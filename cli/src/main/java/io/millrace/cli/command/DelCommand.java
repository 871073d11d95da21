package io.millrace.cli.command;

import io.millrace.cli.client.Call;
import io.millrace.cli.console.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a document. */
@Command(
    name = "del",
    description = "Deletes a document. What it was stays in its history, and can be brought back.")
final class DelCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(index = "1", paramLabel = "ID", description = "The document.")
  private String id = "";

  @ArgGroup(multiplicity = "1")
  private Base base = new Base();

  /** What must be there. */
  static final class Base {
    @Option(names = "--rev", paramLabel = "REV", description = "The revision that is deleted.")
    private @Nullable String revision;

    @Option(names = "--force", description = "Delete it whatever it is.")
    private boolean force;
  }

  @Mixin private final WriteOptions who = new WriteOptions();

  DelCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Call call =
        Call.delete(bucket, id)
            .onto(base.force ? Call.ANY : base.revision)
            .by(client.attribution(who));
    client.show(
        options, call, written -> client.out().println(Written.words("deleted", bucket, written)));
    return ExitCodes.DONE;
  }
}
