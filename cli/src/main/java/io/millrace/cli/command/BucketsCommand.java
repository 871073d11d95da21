package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists, makes and drops buckets. */
@Command(
    name = "buckets",
    description = {
      "Lists the buckets; or makes or drops one. The documents of a dropped bucket stay in the",
      "history, and a rollback brings them back."
    })
final class BucketsCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @ArgGroup private Change change = new Change();

  @Mixin private final WriteOptions who = new WriteOptions();

  /** What is done instead of listing. */
  static final class Change {
    @Option(names = "--create", paramLabel = "BUCKET", description = "Make it.")
    private @Nullable String create;

    @Option(names = "--drop", paramLabel = "BUCKET", description = "Drop it.")
    private @Nullable String drop;
  }

  BucketsCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    String create = change.create;
    String drop = change.drop;
    if (create != null) {
      client.show(
          options,
          Call.put(create).by(client.attribution(who)),
          answer ->
              client
                  .out()
                  .println(
                      (answer.path("created").asBoolean(true) ? "created " : "is there already: ")
                          + create));
    } else if (drop != null) {
      client.show(
          options,
          Call.delete(drop).by(client.attribution(who)),
          answer -> client.out().println("dropped " + drop));
    } else {
      client.list(
          options,
          Call.get("_system", "buckets"),
          0,
          BucketsCommand::cells,
          "NAME",
          "#DOCUMENTS",
          "?#DELETED",
          "?#BYTES",
          "?#SEQUENCE",
          "?@CREATED");
    }
    return ExitCodes.DONE;
  }

  private static String[] cells(String line) {
    JsonNode bucket = Json.tree(line);
    return new String[] {
      bucket.path("name").asText(),
      number(bucket, "documents"),
      number(bucket, "deleted"),
      number(bucket, "bytes"),
      bucket.path("sequence").asText(),
      bucket.path("created").asText()
    };
  }

  private static String number(JsonNode bucket, String member) {
    return String.format(Locale.ROOT, "%,d", bucket.path(member).asLong());
  }
}
