package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import io.millrace.view.script.Script;
import io.millrace.view.script.ScriptHarness;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is folded how.
 *
 * @param script the function in JavaScript; null when the fold is written in Java
 * @param fold the fold in Java; null when it is written in JavaScript
 * @param initial the JSON of the state before the first change
 */
record FoldDefinition(@Nullable Script script, @Nullable FoldProvider fold, String initial) {
  private static final ScriptHarness HARNESS = ScriptHarness.read(FoldDefinition.class, "fold.js");

  /**
   * Reads a definition that has the member {@code fold}.
   *
   * @param folds those in Java
   * @throws InvalidDefinitionException with the place and the reason
   */
  static FoldDefinition of(ViewDefinition definition, Modules<FoldProvider> folds) {
    ObjectNode members = definition.members();
    Definitions.requireKnown(members, Set.of("fold", "initial"), "", "a fold");
    if (definition.from() != null) {
      throw new InvalidDefinitionException(
          "member 'from' cannot be given with 'fold': a fold sees every change of the log, and the"
              + " rows of a query keep no past");
    }
    JsonNode fold = members.get("fold");
    JsonNode initial = members.get("initial");
    if (fold.isTextual()) {
      if (initial == null) {
        throw new InvalidDefinitionException(
            "member 'initial' is needed: the state before the first change, such as 0 or {}");
      }
      return new FoldDefinition(script(fold.textValue()), null, requireShort(initial));
    }
    if (!(fold instanceof ObjectNode named)) {
      throw new InvalidDefinitionException(
          "member 'fold' must be the source of a function, such as \"function(acc, change){ return"
              + " acc + 1 }\", or {\"java\":NAME}");
    }
    if (initial != null) {
      throw new InvalidDefinitionException(
          "member 'initial' cannot be given: a fold in Java has an initial state of its own");
    }
    FoldProvider found = find(named, folds);
    return new FoldDefinition(null, found, requireShort(found.initial()));
  }

  private static Script script(String text) {
    return new Script(HARNESS, text, List.of(FoldState.MAX_CHARS));
  }

  private static FoldProvider find(ObjectNode named, Modules<FoldProvider> folds) {
    Definitions.requireKnown(named, Set.of("java", "version"), "fold.", "a fold in Java");
    JsonNode name = named.get("java");
    if (name == null || !name.isTextual()) {
      throw new InvalidDefinitionException("member 'fold.java' must be the name of a fold");
    }
    if (folds.contains(name.textValue())) {
      return folds.named(name.textValue());
    }
    List<String> names = folds.all().stream().map(Provider::name).toList();
    throw new InvalidDefinitionException(
        "member 'fold.java': there is no fold called '"
            + name.textValue()
            + (names.isEmpty() ? "', nor any other" : "'; found are " + String.join(", ", names)));
  }

  private static String requireShort(JsonNode initial) {
    String text = initial.toString();
    if (text.length() > FoldState.MAX_CHARS) {
      throw new InvalidDefinitionException(
          "member 'initial' is longer than " + FoldState.MAX_CHARS + " characters");
    }
    return text;
  }
}
