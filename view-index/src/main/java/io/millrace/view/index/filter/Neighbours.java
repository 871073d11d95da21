package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values that lie just above others in the order of the collation, as bounds of ranges. */
final class Neighbours {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** How many digits behind its own a number has room for above it. */
  private static final int NUMBER_DIGITS = 20;

  /** Beyond it nothing is added to a number's exponent. */
  private static final int MOST_SCALE = 1_000_000;

  private Neighbours() {}

  /** The least value of a kind, or one that lies between it and the greatest of the kind below. */
  static JsonNode below(JsonType type) {
    return switch (type) {
      case UNDEFINED, NULL -> NODES.nullNode();
      case BOOLEAN -> BooleanNode.FALSE;
      case NUMBER -> BooleanNode.TRUE;
      case STRING -> TextNode.valueOf("");
      case ARRAY -> NODES.arrayNode();
      case OBJECT -> NODES.objectNode();
    };
  }

  /** A value that no value of a kind lies above; null when there is none. */
  static @Nullable JsonNode above(JsonType type) {
    return switch (type) {
      case UNDEFINED, NULL -> NODES.nullNode();
      case BOOLEAN -> BooleanNode.TRUE;
      case NUMBER -> below(JsonType.STRING);
      case STRING -> below(JsonType.ARRAY);
      case ARRAY -> below(JsonType.OBJECT);
      case OBJECT -> null;
    };
  }

  /** A value that every string which begins with {@code prefix} lies below. */
  static JsonNode abovePrefix(String prefix) {
    int[] points = prefix.codePoints().toArray();
    for (int last = points.length - 1; last >= 0; last--) {
      if (points[last] < Character.MAX_CODE_POINT) {
        int next = points[last] + 1;
        // Not a lone surrogate, which JSON texts have trouble with.
        boolean surrogate = next >= Character.MIN_SURROGATE && next <= Character.MAX_SURROGATE;
        points[last] = surrogate ? Character.MAX_SURROGATE + 1 : next;
        return TextNode.valueOf(new String(points, 0, last + 1));
      }
    }
    return below(JsonType.ARRAY);
  }

  /** A value that every array which begins with {@code prefix} lies below. */
  static JsonNode abovePrefix(List<JsonNode> prefix) {
    if (prefix.isEmpty()) {
      return below(JsonType.OBJECT);
    }
    int last = prefix.size() - 1;
    ArrayNode above = NODES.arrayNode().addAll(prefix.subList(0, last));
    return above.add(after(prefix.get(last)));
  }

  /** A value that lies above {@code value}, with little between them. */
  static JsonNode after(JsonNode value) {
    return switch (JsonType.of(value)) {
      case UNDEFINED -> NODES.nullNode();
      case NULL -> BooleanNode.FALSE;
      case BOOLEAN -> value.booleanValue() ? below(JsonType.STRING) : BooleanNode.TRUE;
      case NUMBER -> after(value.decimalValue());
      case STRING -> TextNode.valueOf(value.textValue() + '\0');
      case ARRAY -> ((ArrayNode) value).deepCopy().addNull();
      case OBJECT -> after((ObjectNode) value);
    };
  }

  private static JsonNode after(BigDecimal number) {
    if (Math.abs((long) number.scale()) > MOST_SCALE) {
      return below(JsonType.STRING);
    }
    BigDecimal step = BigDecimal.ONE.movePointLeft(number.scale() + NUMBER_DIGITS);
    return DecimalNode.valueOf(number.add(step));
  }

  private static JsonNode after(ObjectNode object) {
    List<String> names = JsonOrder.names(object);
    String last = names.isEmpty() ? "" : names.get(names.size() - 1);
    ObjectNode after = object.deepCopy();
    after.putNull(names.isEmpty() ? "" : last + '\0');
    return after;
  }
}
