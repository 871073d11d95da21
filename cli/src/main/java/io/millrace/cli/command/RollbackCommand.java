package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Table;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings back an earlier state. */
@Command(
    name = "rollback",
    description = {
      "Makes a document, a bucket or the whole database what it was, by one commit that is itself",
      "history: nothing is lost, and a rollback can be rolled back."
    })
final class RollbackCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 50;

  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", arity = "0..1", paramLabel = "BUCKET", description = "The bucket.")
  private @Nullable String bucket;

  @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The document.")
  private @Nullable String id;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "WHEN",
      description = {
        "The state to bring back: a sequence, a time such as 2026-05-01T12:00:00Z, or for a",
        "document a revision."
      })
  private String to = "";

  @Option(names = "--all", description = "Every bucket, dropped ones included.")
  private boolean all;

  @Option(names = "--dry-run", description = "Only show what would change.")
  private boolean dryRun;

  @Mixin private final WriteOptions who = new WriteOptions();
  @Spec private @Nullable CommandSpec spec;

  RollbackCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    if (all == (bucket != null) && spec != null) {
      throw new ParameterException(spec.commandLine(), "roll back what? Give a BUCKET, or --all");
    }
    ObjectNode body = Json.object();
    body.set("to", Texts.target(to));
    Call call = target().json(body.toString()).by(client.attribution(who));
    if (dryRun) {
      preview(call.flag("dry_run", true));
    } else {
      client.show(options, call, this::printDone);
    }
    return ExitCodes.DONE;
  }

  private Call target() {
    if (bucket == null) {
      return Call.post("_system", "rollback");
    }
    return id == null ? Call.post(bucket, "_rollback") : Call.post(bucket, id, "_rollback");
  }

  private void preview(Call call) {
    try (Endpoint endpoint = client.connect(options)) {
      Answer answer = endpoint.send(call);
      if (options.json()) {
        client.out().println(answer.text());
        return;
      }
      JsonNode preview = answer.tree();
      if (bucket != null) {
        printChanges(endpoint, bucket);
      }
      preview.path("dropped").forEach(name -> printBucket("would drop ", name));
      preview.path("revived").forEach(name -> printBucket("would bring back ", name));
      client
          .out()
          .printf(
              "would change %s: %s created, %s updated, %s deleted%n",
              Texts.of(preview, "changed"),
              Texts.of(preview, "created"),
              Texts.of(preview, "updated"),
              Texts.of(preview, "deleted"));
    }
  }

  private void printBucket(String what, JsonNode name) {
    client.out().println(what + Table.harmless(name.asText()));
  }

  /** What is different between now and then; of a bucket the first documents. */
  private void printChanges(Endpoint endpoint, String of) {
    Call newest = Call.get("_system", "activity").with("limit", 1).flag("reverse", true);
    long now = endpoint.send(newest).sequence();
    DifferenceLines lines = new DifferenceLines(client.surroundings());
    Call call = id == null ? Call.get(of, "_diff") : Call.get(of, id, "_diff");
    call = call.with("from", now).with("to", to);
    if (id != null) {
      lines.patch("", endpoint.send(call).tree());
      return;
    }
    long[] count = {0};
    client.each(
        endpoint,
        call.with("body", "false"),
        line -> {
          if (count[0]++ < MOST_SHOWN) {
            lines.document(Json.tree(line));
          }
        });
    if (count[0] > MOST_SHOWN) {
      client.out().println("and " + (count[0] - MOST_SHOWN) + " more");
    }
  }

  private void printDone(JsonNode answer) {
    String what = bucket == null ? "the database" : id == null ? bucket : bucket + "/" + id;
    String changes = answer.has("changed") ? Texts.of(answer, "changed") + " changed, " : "";
    client
        .out()
        .println(
            "rolled back "
                + what
                + " to "
                + to
                + ": "
                + changes
                + "sequence "
                + Texts.of(answer, "seq"));
  }
}
