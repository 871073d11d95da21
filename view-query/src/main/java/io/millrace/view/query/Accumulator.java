package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.view.index.filter.JsonOrder;
import io.millrace.view.index.filter.Remainder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was gathered of some values so far. But for {@link Collected}, the order of the values does
 * not show in the result. For one thread.
 */
interface Accumulator {
  void add(JsonNode value);

  /** What the values make together; missing when there is nothing. */
  JsonNode result();

  /** Of two values that are equal, the one that is shown: the same in whatever order they came. */
  static JsonNode shown(JsonNode left, JsonNode right) {
    if (!left.isNumber() && !left.isContainerNode()) {
      // These are written in one way only.
      return left;
    }
    return left.toString().compareTo(right.toString()) <= 0 ? left : right;
  }

  /** How many values are not missing. */
  final class Count implements Accumulator {
    private long count;

    @Override
    public void add(JsonNode value) {
      count += value.isMissingNode() ? 0 : 1;
    }

    @Override
    public JsonNode result() {
      return LongNode.valueOf(count);
    }
  }

  /** The exact sum of the numbers that have at most 1,000 digits before and behind the point. */
  final class Sum implements Accumulator {
    private BigDecimal sum = BigDecimal.ZERO;

    @Override
    public void add(JsonNode value) {
      BigDecimal number = value.isNumber() ? value.decimalValue() : BigDecimal.ZERO;
      if (Remainder.isShort(number)) {
        sum = sum.add(number);
      }
    }

    @Override
    public JsonNode result() {
      return Expression.Numbers.node(sum);
    }
  }

  /** The least or greatest number; null when there is none. */
  final class Extreme implements Accumulator {
    private final int direction;
    private JsonNode extreme = JsonNodeFactory.instance.nullNode();

    /**
     * @param direction below 0 for the least
     */
    Extreme(int direction) {
      this.direction = direction;
    }

    @Override
    public void add(JsonNode value) {
      if (!value.isNumber()) {
        return;
      }
      int order = extreme.isNull() ? direction : JsonOrder.INSTANCE.compare(value, extreme);
      if (order == 0) {
        extreme = shown(value, extreme);
      } else if (order > 0 == direction > 0) {
        extreme = value;
      }
    }

    @Override
    public JsonNode result() {
      return extreme;
    }
  }

  /** All values that are not missing, as they come. */
  final class Collected implements Accumulator {
    private final ArrayNode values = JsonNodeFactory.instance.arrayNode();
    private final Budget budget;

    Collected(Budget budget) {
      this.budget = budget;
    }

    @Override
    public void add(JsonNode value) {
      if (!value.isMissingNode()) {
        budget.take(Budget.bytesOf(value));
        values.add(value);
      }
    }

    @Override
    public JsonNode result() {
      return values;
    }
  }

  /** The one value of a group. */
  final class Common implements Accumulator {
    private @Nullable JsonNode common;

    @Override
    public void add(JsonNode value) {
      common = common == null ? value : shown(common, value);
    }

    @Override
    public JsonNode result() {
      return common == null ? MissingNode.getInstance() : common;
    }
  }

  /** An object of what others gather. */
  final class Members implements Accumulator {
    private final Map<String, Accumulator> members = new LinkedHashMap<>();

    Members(Map<String, Reduction> rules, Budget budget) {
      rules.forEach((name, rule) -> members.put(name, rule.begin(budget)));
    }

    @Override
    public void add(JsonNode value) {
      members.values().forEach(member -> member.add(value));
    }

    @Override
    public JsonNode result() {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      members.forEach(
          (name, member) -> {
            JsonNode part = member.result();
            if (!part.isMissingNode()) {
              result.set(name, part);
            }
          });
      return result;
    }
  }

  /** What another gathers of something made of each value. */
  record Made(Expression expression, Accumulator of) implements Accumulator {
    @Override
    public void add(JsonNode value) {
      of.add(expression.of(value));
    }

    @Override
    public JsonNode result() {
      return of.result();
    }
  }

  /** The results of some groups, lowest first. */
  static List<JsonNode> results(Iterable<Accumulator> groups) {
    List<JsonNode> results = new ArrayList<>();
    groups.forEach(group -> results.add(group.result()));
    return results;
  }
}
