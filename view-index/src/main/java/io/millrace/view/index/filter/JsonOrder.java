package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.view.index.JsonCollation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order of {@link JsonCollation} over JSON trees, without its limits on length and depth.
 *
 * <p>Values that are equal in it are equal for filters: 1 and 1.0 are, and objects whose members
 * are, in whatever order they stand. What is missing lies below everything.
 */
public final class JsonOrder implements Comparator<JsonNode> {
  /** The one order. */
  public static final JsonOrder INSTANCE = new JsonOrder();

  private JsonOrder() {}

  @Override
  public int compare(JsonNode left, JsonNode right) {
    int order = Integer.compare(rank(left), rank(right));
    if (order != 0) {
      return order;
    }
    return switch (left.getNodeType()) {
      case NUMBER -> compareNumbers(left, right);
      case STRING -> compareTexts(left.textValue(), right.textValue());
      case ARRAY -> compareArrays(left, right);
      case OBJECT -> compareObjects(left, right);
      default -> 0;
    };
  }

  private static int rank(JsonNode node) {
    return switch (node.getNodeType()) {
      case MISSING -> 0;
      case NULL -> 1;
      case BOOLEAN -> node.booleanValue() ? 3 : 2;
      case NUMBER -> 4;
      case STRING -> 5;
      case ARRAY -> 6;
      case OBJECT -> 7;
      case BINARY, POJO ->
          throw new IllegalArgumentException("not a JSON value: " + node.getNodeType());
    };
  }

  private static int compareNumbers(JsonNode left, JsonNode right) {
    if (left.isIntegralNumber()
        && right.isIntegralNumber()
        && left.canConvertToLong()
        && right.canConvertToLong()) {
      return Long.compare(left.longValue(), right.longValue());
    }
    return left.decimalValue().compareTo(right.decimalValue());
  }

  /** By code point; a surrogate without its partner counts as one. */
  static int compareTexts(String left, String right) {
    int end = Math.min(left.length(), right.length());
    int at = 0;
    while (at < end && left.charAt(at) == right.charAt(at)) {
      at++;
    }
    if (at > 0
        && Character.isHighSurrogate(left.charAt(at - 1))
        && (startsLow(left, at) || startsLow(right, at))) {
      at--;
    }
    if (at == left.length() || at == right.length()) {
      return Integer.compare(left.length(), right.length());
    }
    return Integer.compare(left.codePointAt(at), right.codePointAt(at));
  }

  private static boolean startsLow(String text, int at) {
    return at < text.length() && Character.isLowSurrogate(text.charAt(at));
  }

  private int compareArrays(JsonNode left, JsonNode right) {
    int end = Math.min(left.size(), right.size());
    for (int i = 0; i < end; i++) {
      int order = compare(left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private int compareObjects(JsonNode left, JsonNode right) {
    List<String> leftNames = names(left);
    List<String> rightNames = names(right);
    int end = Math.min(leftNames.size(), rightNames.size());
    for (int i = 0; i < end; i++) {
      String name = leftNames.get(i);
      int order = compareTexts(name, rightNames.get(i));
      if (order == 0) {
        order = compare(left.get(name), right.get(name));
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(leftNames.size(), rightNames.size());
  }

  /** The names of an object's members, in their order. */
  static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>(object.size());
    object.fieldNames().forEachRemaining(names::add);
    names.sort(JsonOrder::compareTexts);
    return names;
  }
}
