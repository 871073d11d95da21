package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.UnsupportedException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RefusedException;
import io.millrace.cli.console.ExitCodes;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists peers; its subcommands add and remove them. */
@Command(
    name = "peers",
    description =
        "Lists the servers that this one exchanges documents with; or adds or removes one.")
final class PeersCommand implements Callable<Integer> {
  private static final String RESOURCE = "peers";

  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  PeersCommand(Client client) {
    this.client = client;
  }

  /** The command with its subcommands. */
  static CommandLine with(Client client) {
    return new CommandLine(new PeersCommand(client))
        .addSubcommand(new Add(client))
        .addSubcommand(new Remove(client));
  }

  @Override
  public Integer call() {
    return replicating(
        () ->
            client.list(
                options,
                Call.get("_system", RESOURCE),
                0,
                PeersCommand::cells,
                "NAME",
                "ADDRESS",
                "STATE",
                "?#SEQUENCE",
                "#LAG",
                "LAST ERROR"));
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

  private static int replicating(Runnable what) {
    try {
      what.run();
    } catch (RefusedException e) {
      if (e.code().equals("no-such-resource") || e.status() == 405) {
        throw new UnsupportedException(
            "no-replication", "this server has no replication, so it has no peers", e);
      }
      throw e;
    }
    return ExitCodes.DONE;
  }

  /** Adds a peer. */
  @Command(
      name = "add",
      description = {
        "Adds a server to exchange documents with: each takes from the other what it has not got."
      })
  static final class Add implements Callable<Integer> {
    @Mixin private final ConnectionOptions options = new ConnectionOptions();
    private final Client client;

    @Parameters(paramLabel = "URI", description = "Where it listens, for example tcp://box2:1445.")
    private String address = "";

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "What it is called here; otherwise its host.")
    private @Nullable String name;

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description = "Its public key, when it encrypts (see `millrace keygen`).")
    private @Nullable String key;

    @Option(
        names = "--bucket",
        paramLabel = "NAME",
        description =
            "A bucket to take from it, * for any letters; otherwise all. May be repeated.")
    private List<String> buckets = List.of();

    @Option(names = "--one-way", description = "Take from it and give it nothing.")
    private boolean oneWay;

    @Option(names = "--full-history", description = "Take the bodies of superseded revisions, too.")
    private boolean fullHistory;

    Add(Client client) {
      this.client = client;
    }

    @Override
    public Integer call() {
      ObjectNode peer = Json.object().put("zmq_uri", address);
      if (name != null) {
        peer.put("name", name);
      }
      if (key != null) {
        peer.put("key", key);
      }
      if (!buckets.isEmpty()) {
        ArrayNode names = peer.putArray("buckets");
        buckets.forEach(names::add);
      }
      if (oneWay) {
        peer.put("one_way", true);
      }
      if (fullHistory) {
        peer.put("full_history", true);
      }
      Call call = Call.post("_system", RESOURCE).json(peer.toString());
      return replicating(
          () ->
              client.show(
                  options,
                  call,
                  answer -> client.out().println("added " + Texts.of(answer, "name"))));
    }
  }

  /** Removes a peer. */
  @Command(name = "remove", description = "Ends the exchange with a server.")
  static final class Remove implements Callable<Integer> {
    @Mixin private final ConnectionOptions options = new ConnectionOptions();
    private final Client client;

    @Parameters(paramLabel = "NAME", description = "What it is called here.")
    private String name = "";

    Remove(Client client) {
      this.client = client;
    }

    @Override
    public Integer call() {
      return replicating(
          () ->
              client.show(
                  options,
                  Call.delete("_system", RESOURCE, name),
                  answer -> client.out().println("removed " + name)));
    }
  }
}
