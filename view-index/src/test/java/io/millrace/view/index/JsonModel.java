package io.millrace.view.index;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The documented order over JSON values, written as plainly as can be, and random values. */
public final class JsonModel {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private JsonModel() {}

  /** The order of two values. */
  public static int compare(String left, String right) {
    return compare(read(left), read(right));
  }

  /** The text as bytes. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The value that a text describes. */
  public static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static int compare(JsonNode left, JsonNode right) {
    int order = Integer.compare(rank(left), rank(right));
    if (order != 0) {
      return order;
    }
    if (left.isNumber()) {
      return left.decimalValue().compareTo(right.decimalValue());
    }
    if (left.isTextual()) {
      return compareCodePoints(left.textValue(), right.textValue());
    }
    if (left.isArray()) {
      return compareElements(left, right);
    }
    return left.isObject() ? compareElements(flat(left), flat(right)) : 0;
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
    int[] lefts = left.codePoints().toArray();
    int[] rights = right.codePoints().toArray();
    return java.util.Arrays.compare(lefts, rights);
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
    Map<String, JsonNode> sorted = new TreeMap<>(JsonModel::compareCodePoints);
    object.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
    ArrayNode flat = JsonNodeFactory.instance.arrayNode();
    sorted.forEach((name, value) -> flat.add(name).add(value));
    return flat;
  }

  /** A random value, rather small, so that values that are equal or nearly so are common. */
  public static String random(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 7)) {
      case 0 -> random.nextBoolean() ? "null" : Boolean.toString(random.nextBoolean());
      case 1, 2, 3 -> number(random);
      case 4, 5, 6 -> string(random);
      case 7, 8 -> array(random, depth);
      default -> object(random, depth);
    };
  }

  private static String array(Random random, int depth) {
    StringBuilder array = new StringBuilder("[");
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      array.append(i == 0 ? "" : ",").append(random(random, depth - 1));
    }
    return array.append(']').toString();
  }

  private static String object(Random random, int depth) {
    Map<String, String> members = new java.util.LinkedHashMap<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      String name = random.nextBoolean() ? string(random) : "\"" + (char) ('a' + i) + "\"";
      if (members.keySet().stream().allMatch(other -> compare(other, name) != 0)) {
        members.put(name, random(random, depth - 1));
      }
    }
    StringBuilder object = new StringBuilder("{");
    members.forEach(
        (name, value) ->
            object.append(object.length() == 1 ? "" : ",").append(name).append(':').append(value));
    return object.append('}').toString();
  }

  static String number(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> Integer.toString(random.nextInt(5) - 2);
      case 1 -> Integer.toString(random.nextInt());
      case 2 -> Long.toString(Long.MAX_VALUE - random.nextInt(3));
      case 3 -> new BigInteger(random.nextInt(200), random).toString();
      case 4 -> Double.toString(random.nextGaussian()).replace("E", "e");
      case 5 ->
          (random.nextBoolean() ? "-" : "")
              + "1"
              + "0".repeat(random.nextInt(4))
              + "e"
              + (random.nextInt(80) - 40);
      case 6 ->
          random.nextInt(3)
              + "."
              + "0".repeat(random.nextInt(3))
              + random.nextInt(100)
              + "E+"
              + random.nextInt(3);
      default ->
          new BigDecimal(new BigInteger(random.nextInt(60) + 1, random), random.nextInt(60) - 30)
              .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1))
              .toString();
    };
  }

  private static String string(Random random) {
    String[] pieces = {
      "a",
      "b",
      "ab",
      "é",
      "€",
      "😀",
      "\\u0000",
      "\\u0001",
      "\\n",
      "\\\"",
      "\\\\",
      "\\/",
      "\\uffff",
      "\uffff",
      "\\ud83d\\ude00",
      "\\ud800",
      "z",
      " "
    };
    StringBuilder string = new StringBuilder("\"");
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      string.append(pieces[random.nextInt(pieces.length)]);
    }
    return string.append('"').toString();
  }
}
