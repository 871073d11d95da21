package com.example.words;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import java.util.Collection;
import java.util.Iterator;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What is indexed: {@code {"type":"words","field":"title","shortest":3}}.
 *
 * @param field the member of a document whose words are indexed: a string, or an array with strings
 * @param shortest how many characters a word has at least; 1 unless said
 */
record WordsDefinition(String field, int shortest) {
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** Longer ones are no words. */
  private static final int LONGEST = 100;

  /**
   * Reads a definition; whatever it does not understand is refused, so that a slip of the pen does
   * not become an empty index.
   */
  static WordsDefinition of(ViewDefinition definition) {
    ObjectNode members = definition.members();
    for (Iterator<String> names = members.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals("field") && !name.equals("shortest")) {
        throw new InvalidDefinitionException(
            "member '" + name + "' is not known; known are field, shortest");
      }
    }
    JsonNode field = members.path("field");
    if (!field.isTextual() || field.textValue().isEmpty()) {
      throw new InvalidDefinitionException("member 'field' must name a member of the documents");
    }
    JsonNode shortest = members.path("shortest");
    int length = shortest.isMissingNode() ? 1 : shortest.asInt(-1);
    if (length < 1 || length > LONGEST) {
      throw new InvalidDefinitionException(
          "member 'shortest' must be a whole number from 1 to " + LONGEST);
    }
    return new WordsDefinition(field.textValue(), length);
  }

  /** The words of a document, each once, in lower case. */
  Collection<String> wordsOf(ObjectNode document) {
    TreeSet<String> words = new TreeSet<>();
    JsonNode value = document.path(field);
    add(value, words);
    value.elements().forEachRemaining(element -> add(element, words));
    return words;
  }

  private void add(JsonNode value, Collection<String> words) {
    if (value.isTextual()) {
      words.addAll(split(value.textValue(), shortest));
    }
  }

  /** The words of a text. The locale is fixed: rows depend on the data alone. */
  static Collection<String> split(String text, int shortest) {
    TreeSet<String> words = new TreeSet<>();
    for (String word : BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT))) {
      if (word.length() >= shortest && word.length() <= LONGEST) {
        words.add(word);
      }
    }
    return words;
  }
}
