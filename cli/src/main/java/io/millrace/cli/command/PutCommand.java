package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes documents. */
@Command(
    name = "put",
    description = {
      "Writes a document, or several in one commit when JSON is an array.",
      "A document that is there must be named with its revision, in its member rev or by --rev,",
      "unless --force says that it is to be overwritten whatever it is."
    })
final class PutCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(
      index = "1..*",
      arity = "0..2",
      paramLabel = "[ID] [JSON]",
      hideParamSyntax = true,
      description = {
        "The document, whose id the database makes if there is none; and its JSON: a text, @FILE,",
        "or - for the standard input, which is also read when there is none."
      })
  private List<String> given = List.of();

  @Option(names = "--rev", paramLabel = "REV", description = "The revision that is changed.")
  private @Nullable String revision;

  @Option(names = "--force", description = "Overwrite whatever is there.")
  private boolean force;

  @Mixin private final WriteOptions who = new WriteOptions();

  PutCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    boolean lastIsJson =
        given.size() == 2
            || given.size() == 1 && "{[@".indexOf(given.get(0).charAt(0)) >= 0
            || given.equals(List.of(Client.STANDARD_INPUT));
    String id = given.size() == 2 || given.size() == 1 && !lastIsJson ? given.get(0) : null;
    String text = client.text(lastIsJson ? given.get(given.size() - 1) : null);
    JsonNode tree = Json.given(text, "the document");
    if (id == null && tree.path("id").isTextual()) {
      id = tree.path("id").asText();
    }
    Call call =
        (id == null || tree.isArray() ? Call.post(bucket) : Call.put(bucket, id))
            .json(text)
            .onto(force ? Call.ANY : revision)
            .by(client.attribution(who));
    if (call.ifMatch() != null && call.method().equals("POST")) {
      throw new InvalidRequestException(
          "no-document", "--rev and --force need the id of one document");
    }
    try (Endpoint endpoint = client.connect(options)) {
      Answer answer = endpoint.send(call);
      if (options.json()) {
        client.out().println(answer.text());
      } else if (answer.tree().isArray()) {
        answer.tree().forEach(one -> client.out().println(words("wrote", one)));
      } else {
        client.out().println(words(answer.created() ? "created" : "updated", answer.tree()));
      }
    }
    return ExitCodes.DONE;
  }

  private String words(String what, JsonNode written) {
    return Written.words(what, bucket, written);
  }
}
