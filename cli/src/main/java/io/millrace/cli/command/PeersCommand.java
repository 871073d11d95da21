package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.UnsupportedException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RefusedException;
import io.millrace.cli.console.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists and changes peers. */
@Command(
    name = "peers",
    description = "Lists the servers that this one replicates with; or adds or removes one.")
final class PeersCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @ArgGroup private Change change = new Change();

  /** What is done instead of listing. */
  static final class Change {
    @Option(names = "--add", paramLabel = "URI", description = "Add tcp://HOST:PORT.")
    private @Nullable String add;

    @Option(names = "--remove", paramLabel = "NAME", description = "Remove it.")
    private @Nullable String remove;
  }

  PeersCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    try {
      run();
    } catch (RefusedException e) {
      if (e.code().equals("no-such-resource") || e.status() == 405) {
        throw new UnsupportedException(
            "no-replication", "this server has no replication, so it has no peers", e);
      }
      throw e;
    }
    return ExitCodes.DONE;
  }

  private void run() {
    if (change.add != null) {
      Call call =
          Call.post("_system", "peers").json(Json.object().put("zmq_uri", change.add).toString());
      client.show(options, call, answer -> client.out().println("added " + change.add));
    } else if (change.remove != null) {
      client.show(
          options,
          Call.delete("_system", "peers", change.remove),
          answer -> client.out().println("removed " + change.remove));
    } else {
      client.list(
          options,
          Call.get("_system", "peers"),
          0,
          PeersCommand::cells,
          "NAME",
          "ADDRESS",
          "STATE",
          "?#SEQUENCE",
          "#LAG",
          "LAST ERROR");
    }
  }

  private static String[] cells(String line) {
    JsonNode peer = Json.tree(line);
    return new String[] {
      Texts.of(peer, "name"),
      Texts.of(peer, "zmq_uri"),
      Texts.of(peer, "state"),
      Texts.of(peer, "sequence_number"),
      Texts.of(peer, "lag"),
      Texts.of(peer, "last_error")
    };
  }
}
