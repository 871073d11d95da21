package io.millrace.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.error.MillraceException;
import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Lines;
import io.millrace.cli.client.RefusedException;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The statements of deltadb's command line. A collection is a bucket, a key an id, and a commit is
 * named by its last sequence. A value that is no JSON object is kept as the member {@value #VALUE}.
 *
 * <p>Other than there, errors are told, a message may be left out everywhere, and author and
 * message stand where they belong.
 */
final class DeltadbStatements {
  /** What they are, for {@code help;}. */
  static final String HELP =
      """
      Statements, which end with a semicolon and may go over several lines:
        connect;                                 or connect http://HOST:PORT;
        listcollections;
        list COLLECTION;
        listhistory LIMIT;
        get COLLECTION[KEY];
        createcollection "MESSAGE" COLLECTION;
        deletecollection "MESSAGE" COLLECTION;
        set "MESSAGE" COLLECTION[KEY] = 'VALUE';
        del "MESSAGE" COLLECTION[KEY];
        rollback "MESSAGE" HASH;
      A message may be left out. A hash is the number of a commit, as listhistory shows it.
      """;

  private static final String VALUE = "value";

  /** What deltadb says, by the code of the problem. */
  private static final Map<String, String> ERRORS =
      Map.of(
          "bucket-missing", "Collection does not exist",
          "document-missing", "Document does not exist",
          "document-deleted", "Document does not exist",
          "unknown-target", "Commit does not exist");

  private final Supplier<Endpoint> endpoint;
  private final PrintWriter out;
  private final @Nullable String author;

  DeltadbStatements(Supplier<Endpoint> endpoint, PrintWriter out, @Nullable String author) {
    this.endpoint = endpoint;
    this.out = out;
    this.author = author;
  }

  /** Runs one and answers an exit code. */
  int run(Statement statement) {
    List<String> words = statement.words();
    try {
      return switch (statement.verb()) {
        case "listcollections" -> listCollections(words);
        case "list" -> list(words);
        case "listhistory" -> listHistory(words);
        case "get" -> get(words);
        case "createcollection" -> createCollection(words);
        case "deletecollection" -> deleteCollection(words);
        case "set" -> set(words);
        case "del" -> delete(words);
        case "rollback" -> rollback(words);
        default -> failed("Unknown command: " + statement.verb(), ExitCodes.USAGE);
      };
    } catch (MillraceException e) {
      return failed(ERRORS.getOrDefault(e.code(), e.getMessage()), ExitCodes.of(e));
    }
  }

  private int listCollections(List<String> words) {
    if (words.size() != 1) {
      return invalid("listcollections;");
    }
    return show(Call.get("_system", "buckets"), "name");
  }

  private int list(List<String> words) {
    if (words.size() != 2) {
      return invalid("list collection;");
    }
    endpoint.get().send(Call.get(words.get(1)));
    return show(Call.get(words.get(1), "_documents").with("body", "false"), "id");
  }

  private int show(Call call, String member) {
    try (Lines lines = endpoint.get().lines(call)) {
      out.println("success: true");
      for (String line = lines.next(); line != null; line = lines.next()) {
        out.println(Table.harmless(Json.tree(line).path(member).asText()));
      }
    }
    return ExitCodes.DONE;
  }

  private int listHistory(List<String> words) {
    if (words.size() != 2) {
      return invalid("listhistory limit;");
    }
    long limit;
    try {
      limit = Long.parseLong(words.get(1));
    } catch (NumberFormatException e) {
      return failed("the limit is no whole number: " + words.get(1), ExitCodes.USAGE);
    }
    List<String> history = limit < 1 ? List.of() : DeltadbHistory.first(endpoint.get(), limit);
    out.println("success: true");
    history.forEach(line -> out.println(Table.harmless(line)));
    return ExitCodes.DONE;
  }

  private int get(List<String> words) {
    Optional<Place> place = words.size() == 2 ? Place.of(words.get(1)) : Optional.empty();
    if (place.isEmpty()) {
      return invalid("get collection[key];");
    }
    requireCollection(place.get());
    String text = endpoint.get().send(Call.get(place.get().collection(), place.get().key())).text();
    Map<String, String> own = Json.values(text);
    own.keySet().removeAll(List.of("id", "rev"));
    out.println("success: true");
    out.println(
        "Document: "
            + Table.harmless(
                own.keySet().equals(Set.of(VALUE))
                    ? value(own.getOrDefault(VALUE, ""))
                    : Json.without(text, Set.of("id", "rev"))));
    return ExitCodes.DONE;
  }

  private static String value(String json) {
    return json.startsWith("\"") ? Json.tree(json).asText() : json;
  }

  private int createCollection(List<String> words) {
    if (words.size() < 2 || words.size() > 3) {
      return invalid("createcollection message collection;");
    }
    Answer answer = endpoint.get().send(Call.put(words.get(words.size() - 1)).by(who(words, 3)));
    if (!answer.created()) {
      return failed("Collection already exists", ExitCodes.CONFLICT);
    }
    out.println("success: true");
    return ExitCodes.DONE;
  }

  private int deleteCollection(List<String> words) {
    if (words.size() < 2 || words.size() > 3) {
      return invalid("deletecollection message collection;");
    }
    return written(Call.delete(words.get(words.size() - 1)).by(who(words, 3)));
  }

  private int set(List<String> words) {
    int place = words.size() - 3;
    if (words.size() < 4
        || words.size() > 5
        || !words.get(place + 1).equals("=")
        || Place.of(words.get(place)).isEmpty()) {
      return invalid("set message collection[key] = value;");
    }
    Place document = Place.of(words.get(place)).orElseThrow();
    requireCollection(document);
    return written(
        Call.put(document.collection(), document.key())
            .json(body(words.get(place + 2)))
            .onto(Call.ANY)
            .by(who(words, 5)));
  }

  /** The object that is written; anything else becomes a member of one. */
  private static String body(String value) {
    try {
      JsonNode tree = Json.given(value, "the value");
      return tree.isObject() ? value : "{\"" + VALUE + "\":" + value + '}';
    } catch (MillraceException notJson) {
      ObjectNode text = Json.object().put(VALUE, value);
      return text.toString();
    }
  }

  private int delete(List<String> words) {
    Optional<Place> place =
        words.size() == 2 || words.size() == 3
            ? Place.of(words.get(words.size() - 1))
            : Optional.empty();
    if (place.isEmpty()) {
      return invalid("del message collection[key];");
    }
    requireCollection(place.get());
    return written(
        Call.delete(place.get().collection(), place.get().key()).onto(Call.ANY).by(who(words, 3)));
  }

  private int rollback(List<String> words) {
    if (words.size() < 2 || words.size() > 3) {
      return invalid("rollback message hash;");
    }
    String hash = words.get(words.size() - 1);
    if (!hash.matches("\\d{1,18}")) {
      return failed("Malformed Request: " + hash + " is no number of a commit", ExitCodes.USAGE);
    }
    long to = Long.parseLong(hash);
    if (to == 0) {
      // The latest, as deltadb has it.
      to = endpoint.get().send(Call.get("_system", "info")).tree().path("sequence").asLong();
    }
    if (to == 0) {
      return failed("Commit does not exist", ExitCodes.NOT_FOUND);
    }
    return written(
        Call.post("_system", "rollback")
            .json(Json.object().put("to", to).toString())
            .by(who(words, 3)));
  }

  /** Other than the database, deltadb tells a collection that is missing from a document. */
  private void requireCollection(Place place) {
    endpoint.get().send(Call.get(place.collection()));
  }

  /** The message is the second word of a statement that has all its words. */
  private Attribution who(List<String> words, int complete) {
    return new Attribution(author, words.size() == complete ? words.get(1) : null);
  }

  private int written(Call call) {
    JsonNode answer = endpoint.get().send(call).tree();
    out.println("success: true");
    if (answer.has("seq")) {
      out.println("hash: " + answer.path("seq").asText());
    }
    return ExitCodes.DONE;
  }

  private int failed(String error, int exitCode) {
    out.println("success: false");
    out.println("error: " + Table.harmless(error));
    return exitCode;
  }

  private int invalid(String usage) {
    out.println("Invalid expression.");
    out.println("Usage: " + usage);
    return ExitCodes.USAGE;
  }

  /** Whether a server answers; for {@code connect;}. */
  int connected() {
    try {
      endpoint.get().send(Call.get("_system", "info"));
      out.println("connected");
      return ExitCodes.DONE;
    } catch (RefusedException e) {
      out.println(e.getMessage());
      return ExitCodes.of(e);
    } catch (MillraceException e) {
      out.println(e.getMessage());
      return ExitCodes.of(e);
    }
  }
}
