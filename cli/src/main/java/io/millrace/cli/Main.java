package io.millrace.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/**
 * The process: one command, whose exit code is that of the process.
 *
 * <p>Set by the launcher: the system property {@value #TERMINAL}.
 */
public final class Main {
  /** Whether the standard error stream is a terminal. */
  static final String TERMINAL = "io.millrace.cli.terminal";

  /** Held, since its level is forgotten with it. */
  private static final Logger ROOT = Logger.getLogger("");

  private Main() {}

  /** The entry of the process. */
  public static void main(String... arguments) {
    // What a server logs as it opens a database is no news to who asked for it.
    ROOT.setLevel(Level.WARNING);
    Surroundings surroundings =
        new Surroundings(
            writer(System.out),
            writer(System.err),
            Boolean.getBoolean(TERMINAL),
            Map.copyOf(System.getenv()),
            Path.of("").toAbsolutePath(),
            Clock.systemUTC(),
            new SecureRandom());
    System.exit(run(surroundings, arguments));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true);
  }

  /** Runs one command and answers its exit code. */
  static int run(Surroundings surroundings, String... arguments) {
    CommandLine commands =
        new CommandLine(new MillraceCommand())
            .addSubcommand(new CheckCommand(surroundings))
            .addSubcommand(new BackupCommand(surroundings))
            .addSubcommand(new RestoreCommand(surroundings))
            .addSubcommand(new ConvertCommand(surroundings))
            .addSubcommand(new VersionCommand(surroundings))
            .setOut(surroundings.out())
            .setErr(surroundings.err())
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
            .setUsageHelpWidth(100)
            .setParameterExceptionHandler(new UsageRefusal())
            .setExecutionExceptionHandler(new Failure());
    return commands.execute(arguments);
  }
}
