package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists commits. */
@Command(
    name = "log",
    description = "Lists the commits of a bucket, or of the whole database, the newest first.")
final class LogCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "BUCKET",
      description = "The bucket; all of them if not given.")
  private @Nullable String bucket;

  @Mixin private final SequenceOptions range = new SequenceOptions();
  @Mixin private final CommitFilterOptions filter = new CommitFilterOptions();

  LogCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Call call = bucket == null ? Call.get("_system", "log") : Call.get(bucket, "_log");
    JsonNode next =
        client.list(
            options,
            filter.of(range.of(call)),
            range.limit(options),
            LogCommand::cells,
            "#SEQ",
            "@TIME",
            "?AUTHOR",
            "?KIND",
            "?#CHANGES",
            "MESSAGE");
    range.more(client, next);
    return ExitCodes.DONE;
  }

  private static String[] cells(String line) {
    JsonNode commit = Json.tree(line);
    String kind = Texts.of(commit, "kind");
    return new String[] {
      Texts.of(commit, "seq"),
      Texts.of(commit, "time"),
      Texts.of(commit, "author"),
      commit.hasNonNull("to") ? kind + " to " + Texts.of(commit, "to") : kind,
      Texts.of(commit, "changes"),
      Texts.title(commit)
    };
  }
}
