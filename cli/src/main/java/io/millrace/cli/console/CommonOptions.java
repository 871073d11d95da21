package io.millrace.cli.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What can be said to every command that works on a database. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n")
public final class CommonOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this.")
  private boolean help;

  @Option(names = "--json", description = "Print the result as one line of JSON.")
  private boolean json;

  @Option(names = "--debug", description = "Show the stack trace of what went wrong.")
  private boolean debug;

  @Option(
      names = "-D",
      paramLabel = "key=value",
      description =
          "A setting of a log or store, stronger than the environment and"
              + " conf/application.properties.")
  private Map<String, String> settings = new HashMap<>();

  public boolean json() {
    return json;
  }

  public boolean debug() {
    return debug;
  }

  public Map<String, String> settings() {
    return settings;
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
