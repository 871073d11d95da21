package io.millrace.view.js;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.view.script.Script;
import io.millrace.view.script.ScriptHarness;
import java.util.Iterator;
import java.util.List;

/**
 * The source of a map function, and whether it emits.
 *
 * @param text one JavaScript expression
 * @param emits whether the text names {@code emit}; then what the function returns is ignored
 */
record MapSource(String text, boolean emits) {
  private static final ScriptHarness HARNESS =
      ScriptHarness.read(MapSource.class, "map.js", "emit");

  /**
   * The source in {@code definition}.
   *
   * @throws InvalidDefinitionException when a member is missing, not known, or of the wrong type
   */
  static MapSource of(ViewDefinition definition) {
    Iterator<String> names = definition.members().fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!name.equals("map") && !name.equals("reduce")) {
        throw new InvalidDefinitionException(
            "member '"
                + name
                + "' is not known; a view of type js has the members 'map', 'reduce'");
      }
    }
    JsonNode map = definition.members().get("map");
    if (map == null || !map.isTextual()) {
      throw new InvalidDefinitionException(
          "member 'map' is needed: the source of a function, such as"
              + " \"function(doc){ return doc.name }\"");
    }
    String text = map.textValue();
    return new MapSource(text, EmitScanner.namesEmit(text));
  }

  /** What maps documents: given a JSON array of them, it gives what {@link MapOutput} reads. */
  Script script(JsLimits limits) {
    return new Script(HARNESS, text, List.of(emits, limits.outputChars(), limits.rows()));
  }
}
