package io.millrace.cli;

import io.millrace.cli.command.Client;
import io.millrace.cli.command.CommandTree;
import io.millrace.cli.command.Connector;
import io.millrace.cli.console.Screen;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.console.UsageRefusal;
import io.millrace.cli.shell.ShellCommand;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/**
 * The process: one command, whose exit code is that of the process.
 *
 * <p>Set by the launcher: the system properties {@value #TERMINALS} and {@value #COLUMNS}.
 */
public final class Main {
  /** Which of the three standard streams are terminals, by their numbers: {@code 012} for all. */
  static final String TERMINALS = "io.millrace.cli.terminals";

  /** The width of the terminal. */
  static final String COLUMNS = "io.millrace.cli.columns";

  /** Held, since its level is forgotten with it. */
  private static final Logger ROOT = Logger.getLogger("");

  private Main() {}

  /** The entry of the process. */
  public static void main(String... arguments) {
    // What a server logs as it opens a database is no news to who asked for it.
    ROOT.setLevel(Level.WARNING);
    String terminals = System.getProperty(TERMINALS, "");
    Map<String, String> environment = Map.copyOf(System.getenv());
    Surroundings surroundings =
        around(
            System.in,
            writer(FileDescriptor.out),
            writer(FileDescriptor.err),
            Screen.of(
                terminals.contains("0"),
                terminals.contains("1"),
                terminals.contains("2"),
                Integer.getInteger(COLUMNS, 0),
                environment),
            environment);
    int exitCode = run(surroundings, arguments);
    surroundings.out().flush();
    System.exit(exitCode);
  }

  /** What is around a process that reads, writes and is watched so. */
  static Surroundings around(
      InputStream in,
      PrintWriter out,
      PrintWriter err,
      Screen screen,
      Map<String, String> environment) {
    return new Surroundings(
        in,
        out,
        err,
        screen,
        environment,
        Path.of("").toAbsolutePath(),
        Clock.systemUTC(),
        new SecureRandom());
  }

  /** In UTF-8 whatever the locale says: JSON is. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(
            new BufferedOutputStream(new FileOutputStream(descriptor)), StandardCharsets.UTF_8),
        true);
  }

  /** Runs one command and answers its exit code. */
  static int run(Surroundings surroundings, String... arguments) {
    Connector connector = new FreshConnections(surroundings);
    Map<String, Supplier<Object>> known = known(surroundings, connector);
    known.put("shell", () -> new ShellCommand(surroundings, connector, Main::commands));
    String asked = arguments.length == 0 ? "" : arguments[0];
    Supplier<Object> command = known.get(asked);
    // To look at all of them takes longer than most commands do.
    return tree(surroundings, command == null ? known : Map.of(asked, command)).execute(arguments);
  }

  /** All commands, which connect so. */
  static CommandLine commands(Surroundings surroundings, Connector connector) {
    return tree(surroundings, known(surroundings, connector));
  }

  private static Map<String, Supplier<Object>> known(
      Surroundings surroundings, Connector connector) {
    Map<String, Supplier<Object>> known =
        new LinkedHashMap<>(CommandTree.of(new Client(surroundings, connector)));
    known.put("check", () -> new CheckCommand(surroundings));
    known.put("backup", () -> new BackupCommand(surroundings));
    known.put("restore", () -> new RestoreCommand(surroundings));
    known.put("convert", () -> new ConvertCommand(surroundings));
    known.put("keygen", () -> new KeygenCommand(surroundings));
    known.put("version", () -> new VersionCommand(surroundings));
    return known;
  }

  private static CommandLine tree(
      Surroundings surroundings, Map<String, Supplier<Object>> commands) {
    CommandLine tree = new CommandLine(new MillraceCommand());
    commands.forEach((name, command) -> tree.addSubcommand(name, command.get()));
    return configured(tree, surroundings);
  }

  private static CommandLine configured(CommandLine commands, Surroundings surroundings) {
    return commands
        .setOut(surroundings.out())
        .setErr(surroundings.err())
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageRefusal())
        .setExecutionExceptionHandler(new Failure());
  }
}
