package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewArguments;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for.
 *
 * @param reverse whether documents are read in the other direction
 * @param limit the most results
 * @param index the name of the index to be used, or {@value #NO_INDEX}; null for the best
 * @param after the result to go on behind; null to begin
 */
record Question(
    Pipeline pipeline, boolean reverse, long limit, @Nullable String index, @Nullable Place after) {
  static final Set<String> PARAMETERS = Set.of("query", "reverse", "limit", "index", "after");

  /** Parameters of what is not read but explained. */
  static final Set<String> EXPLAINED = Set.of("query", "reverse", "limit", "index");

  /** In place of an index: all documents are looked at. */
  static final String NO_INDEX = "none";

  /**
   * Reads the parameters.
   *
   * @throws InvalidRequestException with the code {@code invalid-parameter}, naming the parameter
   *     and the place in it
   */
  static Question of(ViewArguments arguments) {
    Place after = Place.parse(arguments.text("after"));
    String index = arguments.text("index");
    if (after != null && index != null && !index.equals(after.index())) {
      throw Refused.parameter("index", "is not the index that 'after' was found by");
    }
    return new Question(
        pipeline(query(arguments)),
        arguments.flag("reverse"),
        arguments.count("limit", Long.MAX_VALUE),
        after == null ? index : after.index(),
        after);
  }

  private static @Nullable JsonNode query(ViewArguments arguments) {
    try {
      return arguments.json("query");
    } catch (NumberFormatException e) {
      throw Refused.parameter("query", "has a number whose exponent has too many digits");
    }
  }

  private static Pipeline pipeline(@Nullable JsonNode query) {
    if (query == null) {
      return Pipeline.NOTHING;
    }
    try {
      return Pipeline.parse(query, "query");
    } catch (InvalidDefinitionException e) {
      throw Refused.parameter("query", "is refused at " + e.getMessage());
    }
  }

  /**
   * Reads the parameters for results that are followed, each document on its own.
   *
   * @throws InvalidRequestException as {@link #of}, and when that is not possible
   */
  static Question followed(ViewArguments arguments) {
    for (String name : List.of("reverse", "after", "limit")) {
      if (arguments.has(name)) {
        throw Refused.parameter(name, "makes no sense for results that are followed");
      }
    }
    Question question = of(arguments);
    if (question.pipeline().gathering() != null) {
      throw Refused.parameter(
          "query",
          "cannot be followed: only $filter and $map give the results of one document without the"
              + " others");
    }
    return question;
  }
}
