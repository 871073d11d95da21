package io.millrace.cli.command;

import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes members of a document. */
@Command(
    name = "patch",
    description = {
      "Changes members of a document as it is now: an object is merged into it (RFC 7396: null",
      "removes a member), an array is a list of operations (RFC 6902)."
    })
final class PatchCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(index = "1", paramLabel = "ID", description = "The document.")
  private String id = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "JSON",
      description = "The patch, @FILE, or - for the standard input, which is the default.")
  private @Nullable String patch;

  @Option(names = "--rev", paramLabel = "REV", description = "Only if this is its revision.")
  private @Nullable String revision;

  @Mixin private final WriteOptions who = new WriteOptions();

  PatchCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    String text = client.text(patch);
    String type =
        Json.given(text, "the patch").isArray()
            ? "application/json-patch+json"
            : "application/merge-patch+json";
    Call call =
        Call.patch(bucket, id)
            .body(type, text.getBytes(StandardCharsets.UTF_8))
            .onto(revision)
            .by(client.attribution(who));
    client.show(
        options, call, written -> client.out().println(Written.words("updated", bucket, written)));
    return ExitCodes.DONE;
  }
}
