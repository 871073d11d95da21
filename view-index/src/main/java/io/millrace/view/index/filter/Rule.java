package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** One rule about a value: the syntax tree of filters. Immutable. */
sealed interface Rule {
  /** Whether it holds for {@code value}, which may be missing. */
  boolean matches(JsonNode value);

  /** What it says about the value itself. */
  default Bounds bounds() {
    return Bounds.NOTHING;
  }

  /** A comparison with a value of the same kind. */
  enum Comparison {
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    boolean holds(int order) {
      return switch (this) {
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }

    boolean isUpper() {
      return this == LESS || this == LESS_OR_EQUAL;
    }
  }

  /** The value equals {@code other}. */
  record Equal(JsonNode other) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      return JsonOrder.INSTANCE.compare(value, other) == 0;
    }

    @Override
    public Bounds bounds() {
      return new Bounds.Exact(other);
    }
  }

  /** The value is of the kind of {@code other} and stands so to it. */
  record Compared(Comparison comparison, JsonNode other) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      return JsonType.of(value) == JsonType.of(other)
          && comparison.holds(JsonOrder.INSTANCE.compare(value, other));
    }

    @Override
    public Bounds bounds() {
      JsonType type = JsonType.of(other);
      return comparison.isUpper()
          ? new Bounds.Range(Neighbours.below(type), other)
          : new Bounds.Range(other, Neighbours.above(type));
    }
  }

  /** The value is a string that begins with {@code prefix}. */
  record TextPrefix(String prefix) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      return value.isTextual() && begins(value.textValue());
    }

    private boolean begins(String text) {
      // Half of a pair of surrogates is no beginning of it.
      int end = prefix.length();
      return text.startsWith(prefix)
          && (end == 0
              || end == text.length()
              || !Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end)));
    }

    @Override
    public Bounds bounds() {
      return new Bounds.Range(TextNode.valueOf(prefix), Neighbours.abovePrefix(prefix));
    }
  }

  /** The value is an array that begins with these elements and has more. */
  record ArrayPrefix(List<JsonNode> prefix) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      if (!value.isArray() || value.size() <= prefix.size()) {
        return false;
      }
      for (int i = 0; i < prefix.size(); i++) {
        if (JsonOrder.INSTANCE.compare(value.get(i), prefix.get(i)) != 0) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Bounds bounds() {
      ArrayNode from = JsonNodeFactory.instance.arrayNode().addAll(prefix);
      return new Bounds.Range(from, Neighbours.abovePrefix(prefix));
    }
  }

  /** The value equals one of {@code values}. */
  record OneOf(NavigableSet<JsonNode> values) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      return values.contains(value);
    }
  }

  /** The value is of a kind. */
  record OfType(JsonType type) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      return JsonType.of(value) == type;
    }

    @Override
    public Bounds bounds() {
      return switch (type) {
        case UNDEFINED -> Bounds.NOTHING;
        case NULL -> new Bounds.Exact(Neighbours.below(type));
        default -> new Bounds.Range(Neighbours.below(type), Neighbours.above(type));
      };
    }
  }

  /** Another rule does not hold. */
  record Not(Rule rule) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      return !rule.matches(value);
    }
  }

  /** Whether the value at a path is something other than null, false, 0, "" and missing. */
  record Truthy(ValuePath path, boolean wanted) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      return isTruthy(path.in(value)) == wanted;
    }

    private static boolean isTruthy(JsonNode value) {
      return switch (JsonType.of(value)) {
        case UNDEFINED, NULL -> false;
        case BOOLEAN -> value.booleanValue();
        case NUMBER -> value.decimalValue().signum() != 0;
        case STRING -> !value.textValue().isEmpty();
        case ARRAY, OBJECT -> true;
      };
    }
  }

  /** Whether the value is a whole number. */
  record Whole(boolean wanted) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      return isWhole(value) == wanted;
    }

    private static boolean isWhole(JsonNode value) {
      if (!value.isNumber() || value.isIntegralNumber()) {
        return value.isNumber();
      }
      BigDecimal number = value.decimalValue();
      return number.signum() == 0
          || number.scale() <= 0
          || number.stripTrailingZeros().scale() <= 0;
    }
  }

  /** What is left of a division: {@code left}, or with null anything but 0. */
  record Modulo(BigDecimal divisor, @Nullable BigDecimal left) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      BigDecimal remainder = Remainder.of(value, divisor);
      if (remainder == null) {
        return false;
      }
      return left == null ? remainder.signum() != 0 : remainder.compareTo(left) == 0;
    }
  }

  /** The value is neither missing nor null, and these members of it match. */
  record Members(Map<String, Rule> members) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      if (value.isMissingNode() || value.isNull()) {
        return false;
      }
      for (Map.Entry<String, Rule> member : members.entrySet()) {
        if (!member.getValue().matches(value.path(member.getKey()))) {
          return false;
        }
      }
      return true;
    }
  }

  /** The value is an array whose first elements match; there may be more. */
  record Elements(List<Rule> elements) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      if (!value.isArray()) {
        return false;
      }
      for (int i = 0; i < elements.size(); i++) {
        if (!elements.get(i).matches(value.path(i))) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Bounds bounds() {
      return ElementBounds.of(elements);
    }
  }

  /** All rules hold. */
  record All(List<Rule> rules) implements Rule {
    @Override
    public boolean matches(JsonNode value) {
      for (Rule rule : rules) {
        if (!rule.matches(value)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Bounds bounds() {
      Bounds bounds = Bounds.NOTHING;
      for (Rule rule : rules) {
        bounds = bounds.and(rule.bounds());
      }
      return bounds;
    }
  }
}
