package io.millrace.cli.shell;

import io.millrace.cli.client.Endpoint;
import io.millrace.cli.command.ConnectionOptions;
import io.millrace.cli.command.Connector;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Surroundings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs commands and statements that are typed or piped in. */
@Command(
    name = "shell",
    description = {
      "Runs commands without 'millrace' before them, and the statements of deltadb's command line;",
      "'help' in it lists both. At a terminal there is completion of commands, buckets and ids with",
      "TAB, and what was typed is remembered in ~/.millrace_history ($$MILLRACE_HISTORY names",
      "another file). Piped in, the first failure ends it with its exit code."
    })
public final class ShellCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Surroundings surroundings;
  private final Connector connector;
  private final BiFunction<Surroundings, Connector, CommandLine> commands;

  @Option(
      names = {"-a", "--author"},
      paramLabel = "NAME",
      description = "Who writes; otherwise $$MILLRACE_AUTHOR, or the user's name.")
  private @Nullable String author;

  @Option(
      names = "--keep-going",
      description = "Go on after a failure; the exit code is still that of the first one.")
  private boolean keepGoing;

  /**
   * @param commands makes all commands
   */
  public ShellCommand(
      Surroundings surroundings,
      Connector connector,
      BiFunction<Surroundings, Connector, CommandLine> commands) {
    this.surroundings = surroundings;
    this.connector = connector;
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Surroundings own = author == null ? surroundings : surroundings.with("MILLRACE_AUTHOR", author);
    Endpoint endpoint = connector.connect(options);
    try (SharedConnection connection = new SharedConnection(connector, endpoint)) {
      return own.screen().input()
          ? new TerminalSession(connection, own, commands).run()
          : piped(new Shell(connection, own, commands));
    }
  }

  private int piped(Shell shell) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8));
    int firstFailure = ExitCodes.DONE;
    String rest = "";
    boolean last = false;
    while (!last && !shell.ended()) {
      String line = lines.readLine();
      last = line == null;
      Script.Cut cut = Script.cut(last ? rest : rest + line + '\n', last);
      rest = cut.rest();
      for (Statement statement : cut.statements()) {
        if (shell.ended()) {
          break;
        }
        int exitCode = shell.run(statement);
        firstFailure = firstFailure == ExitCodes.DONE ? exitCode : firstFailure;
        if (exitCode != ExitCodes.DONE && !keepGoing) {
          return exitCode;
        }
      }
    }
    if (!rest.isBlank()) {
      surroundings.err().println("millrace: the last statement does not end: " + rest.strip());
      return firstFailure == ExitCodes.DONE ? ExitCodes.USAGE : firstFailure;
    }
    return firstFailure;
  }
}
