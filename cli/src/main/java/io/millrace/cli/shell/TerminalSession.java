package io.millrace.cli.shell;

import io.millrace.cli.command.Connector;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Screen;
import io.millrace.cli.console.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.BiFunction;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;

/** A shell at a terminal: line editing, history, completion. For one session by one thread. */
final class TerminalSession {
  private static final String HISTORY = "MILLRACE_HISTORY";
  private static final String PROMPT = "millrace> ";
  private static final String MORE_PROMPT = "     ...> ";

  private final SharedConnection connection;
  private final Surroundings surroundings;
  private final BiFunction<Surroundings, Connector, CommandLine> commands;

  TerminalSession(
      SharedConnection connection,
      Surroundings surroundings,
      BiFunction<Surroundings, Connector, CommandLine> commands) {
    this.connection = connection;
    this.surroundings = surroundings;
    this.commands = commands;
  }

  /** Asks until the user has enough. */
  int run() throws IOException {
    // By the system's own programs: no native library is unpacked.
    try (Terminal terminal =
        TerminalBuilder.builder().system(true).provider("exec").dumb(true).build()) {
      return run(terminal);
    }
  }

  /** The same at this terminal. */
  int run(Terminal terminal) throws IOException {
    PrintWriter writer = new PrintWriter(terminal.writer(), true);
    Screen known = surroundings.screen();
    boolean dumb = terminal.getType().startsWith(Terminal.TYPE_DUMB);
    Screen screen =
        new Screen(
            true, true, known.errors() && !dumb, terminal.getWidth(), known.colours() && !dumb);
    Surroundings inside = surroundings.with(writer, writer, screen);
    Shell shell = new Shell(connection, inside, commands);
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(new StatementParser())
            .completer(new ShellCompleter(shell::fresh, connection::endpoint))
            .variable(LineReader.HISTORY_FILE, history())
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE_PROMPT)
            .variable(LineReader.INDENTATION, 0)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    writer.println(
        "Connected to " + connection.endpoint().name() + "; 'help' lists what there is.");
    Thread own = Thread.currentThread();
    terminal.handle(Terminal.Signal.INT, signal -> own.interrupt());
    while (!shell.ended()) {
      try {
        for (Statement statement : Script.cut(reader.readLine(PROMPT), true).statements()) {
          if (!shell.ended()) {
            shell.run(statement);
          }
        }
        // Ctrl-C ends a command, not the shell.
        Thread.interrupted();
      } catch (UserInterruptException e) {
        Thread.interrupted();
      } catch (EndOfFileException e) {
        break;
      }
    }
    reader.getHistory().save();
    return ExitCodes.DONE;
  }

  /** Documents may stand in it, so it is for the user's eyes only. */
  private Path history() throws IOException {
    String named = surroundings.environment().get(HISTORY);
    Path file =
        named == null
            ? Path.of(System.getProperty("user.home"), ".millrace_history")
            : surroundings.folder().resolve(named);
    if (!Files.exists(file) && Files.isWritable(file.toAbsolutePath().getParent())) {
      Files.createFile(file);
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    }
    return file;
  }
}
