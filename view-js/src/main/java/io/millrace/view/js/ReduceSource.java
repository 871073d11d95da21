package io.millrace.view.js;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.view.index.reduce.Reducer;
import io.millrace.view.index.reduce.Reducers;
import io.millrace.view.script.Script;
import io.millrace.view.script.ScriptHarness;
import io.millrace.view.script.ScriptPool;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a view are reduced: by a reduction that is built in, or by a function.
 *
 * @param text the name of the one, or one JavaScript expression
 */
record ReduceSource(String text) {
  /** The longest that a reduction may be, in characters of JSON. */
  static final int MOST_CHARS = 16_384;

  private static final ScriptHarness HARNESS =
      ScriptHarness.read(ReduceSource.class, "reduce.js", "sum");
  private static final Pattern NAME = Pattern.compile("\\s*[A-Za-z0-9_$-]*\\s*");

  /**
   * The member {@code reduce} of {@code definition}; null when there is none.
   *
   * @throws InvalidDefinitionException when it is neither a name that is known nor a text that can
   *     be a function
   */
  static @Nullable ReduceSource of(ViewDefinition definition) {
    JsonNode reduce = definition.members().get("reduce");
    if (reduce == null) {
      return null;
    }
    String text = reduce.textValue();
    if (text == null || Reducers.find(text) == null && NAME.matcher(text).matches()) {
      throw new InvalidDefinitionException(
          "member 'reduce' must be one of "
              + String.join(", ", Reducers.NAMES)
              + ", or the source of a function(keys, values, rereduce), not "
              + reduce);
    }
    return new ReduceSource(text);
  }

  /** Checks the function, if it is one, on a thread of {@code pool}. */
  void check(ScriptPool pool) {
    if (Reducers.find(text) == null) {
      pool.check(script(), "reduce");
    }
  }

  /** What reduces; functions run in {@code pool}. */
  Reducer reducer(ScriptPool pool) {
    Reducer builtIn = Reducers.find(text);
    return builtIn == null ? new JsReducer(pool, script()) : builtIn;
  }

  private Script script() {
    return new Script(HARNESS, text, List.of(MOST_CHARS));
  }
}
