package io.millrace.tck.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The documented order over JSON values, written as plainly as can be: null, false, true, numbers
 * by value, strings by code point, arrays element by element, objects as arrays of their names and
 * values in the order of the names.
 */
final class JsonOrder {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private JsonOrder() {}

  static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("the view gives a row that is not JSON: " + json, e);
    }
  }

  /** A string with its quotation marks. */
  static String text(String value) {
    return TextNode.valueOf(value).toString();
  }

  static int compare(JsonNode left, JsonNode right) {
    int order = Integer.compare(rank(left), rank(right));
    if (order != 0) {
      return order;
    }
    return switch (rank(left)) {
      case 3 -> left.decimalValue().compareTo(right.decimalValue());
      case 4 -> compareCodePoints(left.textValue(), right.textValue());
      case 5 -> compareElements(left, right);
      case 6 -> compareElements(flat(left), flat(right));
      default -> 0;
    };
  }

  /** Whether {@code value} is a string or an array that begins with {@code prefix}. */
  static boolean hasPrefix(JsonNode value, JsonNode prefix) {
    if (value.isTextual() && prefix.isTextual()) {
      return value.textValue().startsWith(prefix.textValue());
    }
    if (!value.isArray() || !prefix.isArray() || value.size() < prefix.size()) {
      return false;
    }
    for (int i = 0; i < prefix.size(); i++) {
      if (compare(value.get(i), prefix.get(i)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int rank(JsonNode node) {
    return switch (node.getNodeType()) {
      case NULL -> 0;
      case BOOLEAN -> node.booleanValue() ? 2 : 1;
      case NUMBER -> 3;
      case STRING -> 4;
      case ARRAY -> 5;
      default -> 6;
    };
  }

  private static int compareCodePoints(String left, String right) {
    return Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
  }

  private static int compareElements(JsonNode left, JsonNode right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = compare(left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static ArrayNode flat(JsonNode object) {
    Map<String, JsonNode> sorted = new TreeMap<>(JsonOrder::compareCodePoints);
    object.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
    ArrayNode flat = JsonNodeFactory.instance.arrayNode();
    sorted.forEach((name, value) -> flat.add(name).add(value));
    return flat;
  }
}
