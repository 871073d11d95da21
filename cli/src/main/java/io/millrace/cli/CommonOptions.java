package io.millrace.cli;

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
final class CommonOptions {
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

  boolean json() {
    return json;
  }

  boolean debug() {
    return debug;
  }

  Map<String, String> settings() {
    return settings;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
