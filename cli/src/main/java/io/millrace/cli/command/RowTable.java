package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows of a query; the first decides on the columns. What is no row is printed as it is. */
final class RowTable {
  private final Surroundings surroundings;
  private final List<String> columns = new ArrayList<>();
  private @Nullable Table table;

  RowTable(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  void add(String line) {
    JsonNode row = Json.tree(line);
    Table present = table;
    if (present == null) {
      if (!row.has("key") && !row.has("value")) {
        surroundings.out().println(line);
        return;
      }
      row.fieldNames().forEachRemaining(columns::add);
      present =
          new Table(
              surroundings,
              columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toArray(String[]::new));
      table = present;
    }
    present.row(
        columns.stream()
            .map(name -> name.equals("id") ? Texts.of(row, name) : row.path(name).toString())
            .toArray(String[]::new));
  }

  void flush() {
    if (table != null) {
      table.flush();
    }
  }
}
