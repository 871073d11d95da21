package io.millrace.cli.shell;

import io.millrace.api.error.MillraceException;
import io.millrace.cli.client.Server;
import io.millrace.cli.command.Connector;
import io.millrace.cli.command.WriteOptions;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Surroundings;
import java.util.List;
import java.util.function.BiFunction;
import picocli.CommandLine;

/** Runs statements and commands one after the other. For one thread. */
final class Shell {
  private static final String HELP =
      """
      Commands, which end with the line, or with the last bracket of JSON that was begun:
        get put patch del ls buckets at tail query find import export
        log history diff blame rollback info peers bench check backup restore convert
        'COMMAND --help' says more; exit, or Ctrl-D, ends the shell.
      """;

  private final SharedConnection connection;
  private final Surroundings surroundings;
  private final DeltadbStatements statements;
  private final BiFunction<Surroundings, Connector, CommandLine> commands;
  private boolean ended;

  Shell(
      SharedConnection connection,
      Surroundings surroundings,
      BiFunction<Surroundings, Connector, CommandLine> commands) {
    this.connection = connection;
    this.surroundings = surroundings;
    this.commands = commands;
    this.statements =
        new DeltadbStatements(
            connection::endpoint, surroundings.out(), WriteOptions.author(surroundings));
  }

  /** Whether somebody said that this is enough. */
  boolean ended() {
    return ended;
  }

  /** Runs one and answers its exit code. */
  int run(Statement statement) {
    List<String> words = statement.words();
    int exitCode =
        switch (statement.verb()) {
          case "exit", "quit" -> {
            ended = true;
            yield ExitCodes.DONE;
          }
          case "help" -> help(words);
          case "connect" -> connect(words);
          default -> statement.isOfDeltadb() ? statements.run(statement) : command(words);
        };
    surroundings.out().flush();
    return exitCode;
  }

  private int command(List<String> words) {
    CommandLine all = fresh();
    if (!all.getSubcommands().containsKey(words.get(0))) {
      surroundings
          .err()
          .println("Unknown command: " + words.get(0) + "; 'help' lists what there is");
      return ExitCodes.USAGE;
    }
    return all.execute(words.toArray(String[]::new));
  }

  /** Commands keep what they were told, so each time there are new ones. */
  CommandLine fresh() {
    return commands.apply(surroundings, connection);
  }

  private int help(List<String> words) {
    if (words.size() > 1) {
      return fresh().execute(words.get(1), "--help");
    }
    surroundings.out().print(HELP);
    surroundings.out().print(DeltadbStatements.HELP);
    return ExitCodes.DONE;
  }

  private int connect(List<String> words) {
    if (words.size() > 2) {
      surroundings.out().println("Usage: connect; or connect http://HOST:PORT;");
      return ExitCodes.USAGE;
    }
    if (words.size() == 2) {
      try {
        connection.change(new Server(words.get(1)));
      } catch (MillraceException e) {
        surroundings.out().println(e.getMessage());
        return ExitCodes.USAGE;
      }
    }
    return statements.connected();
  }
}
