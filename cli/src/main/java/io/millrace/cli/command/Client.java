package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Lines;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.console.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every command on documents works with.
 *
 * @param surroundings what is around the process
 * @param connector makes the connection
 */
public record Client(Surroundings surroundings, Connector connector) {
  /** A parameter that stands for the standard input. */
  static final String STANDARD_INPUT = "-";

  PrintWriter out() {
    return surroundings.out();
  }

  Endpoint connect(ConnectionOptions options) {
    return connector.connect(options);
  }

  Attribution attribution(WriteOptions options) {
    return options.attribution(surroundings);
  }

  /** Sends a request, and shows its answer as it came or as {@code words} have it. */
  Answer show(ConnectionOptions options, Call call, Consumer<JsonNode> words) {
    try (Endpoint endpoint = connect(options)) {
      Answer answer = endpoint.send(call);
      if (options.json()) {
        out().println(answer.text());
      } else {
        words.accept(answer.tree());
      }
      return answer;
    }
  }

  /**
   * Takes every line of an answer as it comes, or until nobody reads what is printed any more.
   *
   * @return how many there were
   */
  long each(Endpoint endpoint, Call call, Consumer<String> taker) {
    long count = 0;
    try (Lines lines = endpoint.lines(call)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        taker.accept(line);
        count++;
        if (out().checkError()) {
          break;
        }
      }
    }
    return count;
  }

  /**
   * Shows a list: its rows as they come, or as a table.
   *
   * @param limit how many rows at most; 0 for all
   * @param cells makes the row of a table
   * @return the first row that is beyond the limit; null when there is none
   */
  @Nullable JsonNode list(
      ConnectionOptions options,
      Call call,
      long limit,
      Function<String, String[]> cells,
      String... headings) {
    // One more than wanted tells whether there is more.
    Call limited = limit == 0 ? call : call.with("limit", options.json() ? limit : limit + 1);
    try (Endpoint endpoint = connect(options)) {
      if (options.json()) {
        each(endpoint, limited, out()::println);
        return null;
      }
      Table table = new Table(surroundings, headings);
      List<JsonNode> beyond = new ArrayList<>();
      long[] shown = {0};
      each(
          endpoint,
          limited,
          line -> {
            if (limit > 0 && shown[0]++ == limit) {
              beyond.add(Json.tree(line));
            } else {
              table.row(cells.apply(line));
            }
          });
      table.flush();
      return beyond.isEmpty() ? null : beyond.get(0);
    }
  }

  /** Says that a list is longer than what was shown, and how to go on. */
  void more(String how) {
    surroundings.err().println("There is more: " + how);
  }

  /**
   * The text that a parameter stands for: itself, {@code @FILE}, or {@code -} and nothing for the
   * standard input.
   */
  String text(@Nullable String parameter) {
    try {
      if (parameter == null || parameter.equals(STANDARD_INPUT)) {
        return new String(surroundings.in().readAllBytes(), StandardCharsets.UTF_8);
      }
      return parameter.startsWith("@")
          ? Files.readString(surroundings.folder().resolve(parameter.substring(1)))
          : parameter;
    } catch (IOException e) {
      throw new InvalidRequestException(
          "unreadable", "cannot read " + (parameter == null ? "the input" : parameter), e);
    }
  }

  /** The same, which must be JSON. */
  String json(@Nullable String parameter, String what) {
    String text = text(parameter);
    Json.given(text, what);
    return text;
  }
}
