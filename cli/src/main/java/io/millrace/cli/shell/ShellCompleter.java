package io.millrace.cli.shell;

import io.millrace.api.error.MillraceException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Completes commands, their options, buckets and ids, the latter two by asking the database. A
 * database that does not answer has none.
 */
final class ShellCompleter implements Completer {
  private static final int MOST_IDS = 50;
  private static final List<String> WORDS =
      List.of(
          "connect",
          "createcollection",
          "deletecollection",
          "exit",
          "help",
          "list",
          "listcollections",
          "listhistory",
          "set");

  private final Supplier<CommandLine> commands;
  private final Supplier<Endpoint> endpoint;

  ShellCompleter(Supplier<CommandLine> commands, Supplier<Endpoint> endpoint) {
    this.commands = commands;
    this.endpoint = endpoint;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String typed = line.word().substring(0, line.wordCursor());
    List<String> before = line.words().subList(0, line.wordIndex());
    if (before.isEmpty()) {
      commands.get().getSubcommands().keySet().forEach(name -> add(candidates, name));
      WORDS.forEach(word -> add(candidates, word));
      return;
    }
    int bracket = typed.indexOf('[');
    if (bracket > 0) {
      String collection = typed.substring(0, bracket);
      ids(collection, typed.substring(bracket + 1))
          .forEach(id -> add(candidates, collection + '[' + id + "];"));
      return;
    }
    CommandLine command = commands.get().getSubcommands().get(before.get(0));
    if (command == null) {
      boolean oneBucket = List.of("list", "deletecollection").contains(before.get(0));
      buckets().forEach(name -> add(candidates, oneBucket ? name + ';' : name));
    } else if (typed.startsWith("-")) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        add(candidates, option.longestName());
      }
    } else {
      positional(command.getCommandSpec(), before, typed, candidates);
    }
  }

  private void positional(
      CommandSpec command, List<String> before, String typed, List<Candidate> candidates) {
    List<String> given = new ArrayList<>();
    for (int i = 1; i < before.size(); i++) {
      OptionSpec option = command.findOption(before.get(i));
      if (option != null && option.arity().max() > 0) {
        i++;
      } else if (!before.get(i).startsWith("-")) {
        given.add(before.get(i));
      }
    }
    String bucket = "";
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      int index = parameter.index().min();
      if (index < given.size() && parameter.paramLabel().equals("BUCKET")) {
        bucket = given.get(index);
      } else if (index == given.size()) {
        if (parameter.paramLabel().equals("BUCKET")) {
          buckets().forEach(name -> add(candidates, name));
        } else if (parameter.paramLabel().contains("ID")) {
          ids(bucket, typed).forEach(id -> add(candidates, id));
        }
      }
    }
  }

  private static void add(List<Candidate> candidates, String word) {
    candidates.add(new Candidate(word, word, null, null, null, null, !word.endsWith(";")));
  }

  private List<String> buckets() {
    return members(Call.get("_system", "buckets"), "name");
  }

  private List<String> ids(String bucket, String prefix) {
    Call call = Call.get(bucket, "_documents").with("body", "false").with("limit", MOST_IDS);
    return bucket.isEmpty()
        ? List.of()
        : members(prefix.isEmpty() ? call : call.with("prefix", prefix), "id");
  }

  private List<String> members(Call call, String member) {
    List<String> found = new ArrayList<>();
    try (Lines lines = endpoint.get().lines(call)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        found.add(Json.tree(line).path(member).asText());
      }
    } catch (MillraceException e) {
      return List.of();
    }
    return found;
  }
}
