package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Defines, asks and removes queries. */
@Command(
    name = "query",
    description = {
      "Asks a query of a bucket; or defines or removes one; without NAME, lists them.",
      "docs/views has what can be defined."
    })
final class QueryCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "The query.")
  private @Nullable String name;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "METHOD",
      description = "Another method of it than its rows.")
  private @Nullable String method;

  @ArgGroup private Change change = new Change();

  /** What is done instead of asking. */
  static final class Change {
    @Option(
        names = "--define",
        paramLabel = "JSON",
        description = "Define it: a text, @FILE, or - for the standard input.")
    private @Nullable String define;

    @Option(names = "--drop", description = "Remove it.")
    private boolean drop;
  }

  @Option(names = "--term", paramLabel = "JSON", description = "Rows with this key or value.")
  private @Nullable String term;

  @Option(names = "--start", paramLabel = "JSON", description = "From this key or value on.")
  private @Nullable String start;

  @Option(names = "--end", paramLabel = "JSON", description = "Up to this one, without it.")
  private @Nullable String end;

  @Option(names = "--reverse", description = "The greatest first.")
  private boolean reverse;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
  private @Nullable Long limit;

  @Option(names = "--live", description = "Go on with each change, until Ctrl-C.")
  private boolean live;

  @Option(
      names = "-p",
      paramLabel = "name=value",
      description = "Any other parameter, as docs/rest-api.md has them.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Mixin private final WriteOptions who = new WriteOptions();
  @Spec private @Nullable CommandSpec spec;

  QueryCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    String query = name;
    if (query == null) {
      list();
    } else if (change.define != null) {
      Call call =
          Call.post(bucket, "_query", query)
              .json(client.json(change.define, "the definition"))
              .by(client.attribution(who));
      client.show(
          options, call, answer -> client.out().println(Texts.of(answer, "defined") + ' ' + query));
    } else if (change.drop) {
      Call call = Call.delete(bucket, "_query", query).by(client.attribution(who));
      client.show(options, call, answer -> client.out().println("removed " + query));
    } else {
      ask(query);
    }
    return ExitCodes.DONE;
  }

  private void list() {
    if ((change.define != null || change.drop) && spec != null) {
      throw new ParameterException(spec.commandLine(), "which query? Give its NAME");
    }
    client.list(
        options,
        Call.get(bucket, "_query"),
        0,
        QueryCommand::cells,
        "NAME",
        "TYPE",
        "STATE",
        "?#SEQUENCE",
        "#ROWS",
        "#ERRORS");
  }

  private static String[] cells(String line) {
    JsonNode query = Json.tree(line);
    return new String[] {
      Texts.of(query, "name"),
      Texts.of(query, "type"),
      Texts.of(query, "state"),
      Texts.of(query, "sequence"),
      Texts.of(query, "rows"),
      Texts.of(query, "error_count")
    };
  }

  private void ask(String query) {
    Call call =
        (method == null
                ? Call.get(bucket, "_query", query)
                : Call.get(bucket, "_query", query, method))
            .with("term", term)
            .with("start", start)
            .with("end", end)
            .with("limit", limit)
            .flag("reverse", reverse)
            .flag("live", live);
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      call = call.with(parameter.getKey(), parameter.getValue());
    }
    RowTable rows = new RowTable(client.surroundings());
    try (Endpoint endpoint = client.connect(options)) {
      client.each(endpoint, call, options.json() || live ? client.out()::println : rows::add);
    }
    rows.flush();
  }
}
