package io.millrace.cli.command;

import io.millrace.cli.console.ExitCodes;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where the database is, and how the answer is shown: options of every command on documents. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeList = {
      ExitCodes.DONE_TEXT,
      ExitCodes.FAILED_TEXT,
      ExitCodes.USAGE_TEXT,
      ExitCodes.NOT_FOUND_TEXT,
      ExitCodes.CONFLICT_TEXT,
      ExitCodes.REFUSED_TEXT,
      ExitCodes.UNAVAILABLE_TEXT,
      ExitCodes.SERVER_ERROR_TEXT
    })
public final class ConnectionOptions {
  @ArgGroup private Place place = new Place();

  /** One of two places. */
  static final class Place {
    @Option(
        names = "--server",
        paramLabel = "URL",
        description = "The server; otherwise $$MILLRACE_SERVER, or http://127.0.0.1:1444.")
    private @Nullable String server;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "A data folder that no server holds, which is opened here.")
    private @Nullable Path data;
  }

  @Option(
      names = "--json",
      description = "Print the answer as JSON, as it comes; lists are one value a line.")
  private boolean json;

  @Option(names = "--debug", description = "Show the stack trace of what went wrong.")
  private boolean debug;

  @Option(
      names = "-D",
      paramLabel = "key=value",
      description = "With --data, a setting of its log or store.")
  private Map<String, String> settings = new HashMap<>();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this.")
  private boolean help;

  /** The address that was given; null when none was. */
  public @Nullable String server() {
    return place.server;
  }

  /** The folder that was given; null when none was. */
  public @Nullable Path data() {
    return place.data;
  }

  /** Whether answers are printed as they come. */
  public boolean json() {
    return json;
  }

  /** Settings of modules. */
  public Map<String, String> settings() {
    return settings;
  }
}
