package io.millrace.api.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.InternalException;
import java.io.IOException;
import java.util.function.Function;

/**
 * Reads JSON texts that {@link JsonText} has checked as trees whose numbers keep their text and
 * whose members keep their order.
 */
public final class ExactTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonText.MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();
  private static final ExactTree BY_VALUE = new ExactTree(ExactNumber::of);
  private static final ExactTree BY_TEXT = new ExactTree(ExactNumber::ofText);

  private final Function<String, JsonNode> numbers;

  private ExactTree(Function<String, JsonNode> numbers) {
    this.numbers = numbers;
  }

  /** The tree of {@code checkedJson}; numbers in it are equal when their values are. */
  public static JsonNode read(byte[] checkedJson) {
    return BY_VALUE.tree(checkedJson);
  }

  /** The tree of {@code checkedJson}; numbers in it are equal when their texts are. */
  public static JsonNode readComparingTexts(byte[] checkedJson) {
    return BY_TEXT.tree(checkedJson);
  }

  private JsonNode tree(byte[] checkedJson) {
    try (JsonParser parser = FACTORY.createParser(checkedJson)) {
      return value(parser, parser.nextToken());
    } catch (IOException e) {
      throw new InternalException("unreadable-json", "checked JSON could not be read again", e);
    }
  }

  private JsonNode value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> numbers.apply(parser.getText());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      default -> NODES.nullNode();
    };
  }

  private ObjectNode object(JsonParser parser) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      object.set(name, value(parser, parser.nextToken()));
    }
    return object;
  }

  private ArrayNode array(JsonParser parser) throws IOException {
    ArrayNode array = NODES.arrayNode();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      array.add(value(parser, token));
    }
    return array;
  }
}
