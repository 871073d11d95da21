package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.console.Table;

/** Differences, one a line: {@code +} what came, {@code -} what went, {@code ~} what changed. */
record DifferenceLines(Surroundings surroundings) {
  private static final String ADDED = "+ ";
  private static final String REMOVED = "- ";
  private static final String CHANGED = "~ ";

  /** What became of a document, and of its members below. */
  void document(JsonNode change) {
    String sign =
        switch (Texts.of(change, "change")) {
          case "created" -> ADDED;
          case "deleted" -> REMOVED;
          default -> CHANGED;
        };
    print("", sign, Texts.of(change, "id"));
    if (sign.equals(CHANGED)) {
      patch("    ", change.path("patch"));
    }
  }

  /** The operations of a JSON Patch. */
  void patch(String indent, JsonNode patch) {
    for (JsonNode operation : patch) {
      String path = Texts.of(operation, "path");
      String value = (path + ' ' + operation.path("value")).strip();
      switch (Texts.of(operation, "op")) {
        case "add" -> print(indent, ADDED, value);
        case "remove" -> print(indent, REMOVED, path.isEmpty() ? "everything" : path);
        case "replace" -> print(indent, CHANGED, value);
        default -> print(indent, "", operation.toString());
      }
    }
  }

  private void print(String indent, String sign, String what) {
    String line = indent + sign + Table.harmless(what);
    surroundings
        .out()
        .println(
            switch (sign) {
              case ADDED -> surroundings.screen().added(line);
              case REMOVED -> surroundings.screen().removed(line);
              case CHANGED -> surroundings.screen().changed(line);
              default -> line;
            });
  }
}
