package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.view.index.filter.Filter;
import io.millrace.view.index.filter.Remainder;
import io.millrace.view.index.filter.ValuePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rules of {@code $map}, and what other stages have of them. */
final class ExpressionParser {
  private static final int MAX_DEPTH = 100;

  private ExpressionParser() {}

  static Expression expression(JsonNode text, String place) {
    return expression(text, place, 0);
  }

  private static Expression expression(JsonNode text, String place, int depth) {
    if (depth > MAX_DEPTH) {
      throw Refused.at(place, "rules are nested deeper than " + MAX_DEPTH + " levels");
    }
    if (text.isArray()) {
      return chain(text, place, depth);
    }
    if (text.isObject()) {
      return isOperators(text) ? operator(text, place, depth) : members(text, place, depth);
    }
    if (text.isBoolean() && text.booleanValue()) {
      return new Expression.Path(ValuePath.SELF);
    }
    if (text.isTextual() || text.isIntegralNumber()) {
      return new Expression.Path(ValuePath.parse(text, place));
    }
    throw Refused.at(
        place,
        "must be a path such as \"address.city\", the number of an element, an array of steps, true"
            + " for the whole value, or an object");
  }

  /** In an array each name is taken exactly, whatever its characters. */
  private static Expression chain(JsonNode text, String place, int depth) {
    if (text.isEmpty()) {
      throw Refused.at(place, "an array of steps has at least one");
    }
    if (text.size() > ValuePath.MAX_STEPS) {
      throw Refused.at(place, "an array has at most " + ValuePath.MAX_STEPS + " steps");
    }
    List<Expression> steps = new ArrayList<>(text.size());
    for (JsonNode step : text) {
      String inside = place + "[" + steps.size() + "]";
      if (step.isTextual()) {
        ArrayNode exact = JsonNodeFactory.instance.arrayNode().add(step);
        steps.add(new Expression.Path(ValuePath.parse(exact, place)));
      } else {
        steps.add(expression(step, inside, depth + 1));
      }
    }
    return new Expression.Chain(List.copyOf(steps));
  }

  private static Expression members(JsonNode text, String place, int depth) {
    Map<String, Expression> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : text.properties()) {
      String name = member.getKey();
      members.put(name, member(name, member.getValue(), place + "." + name, depth));
    }
    if (members.isEmpty()) {
      throw Refused.at(place, "an object to be made has at least one member");
    }
    return new Expression.Members(members);
  }

  private static Expression member(String name, JsonNode rule, String place, int depth) {
    return rule.isBoolean() && rule.booleanValue()
        ? new Expression.Path(new ValuePath(List.of(new ValuePath.Step(name, null))))
        : expression(rule, place, depth + 1);
  }

  /** Whether an object has operators; refuses one that has names of members too. */
  static boolean isOperators(JsonNode text) {
    for (Map.Entry<String, JsonNode> member : text.properties()) {
      if (member.getKey().startsWith("$")) {
        return true;
      }
    }
    return false;
  }

  private static Expression operator(JsonNode text, String place, int depth) {
    Map.Entry<String, JsonNode> first = text.properties().iterator().next();
    String name = first.getKey();
    JsonNode argument = first.getValue();
    Expression single =
        text.size() == 1 ? operator(name, argument, place + "." + name, depth) : null;
    if (single != null) {
      return single;
    }
    for (String other : (Iterable<String>) text::fieldNames) {
      if (text.size() > 1 && bucket(other) != null) {
        throw Refused.at(place + "." + other, "stands alone in its object");
      }
    }
    return new Expression.Test(Filter.parse(text, place));
  }

  /** The operators that make something else than true or false; null for the others. */
  private static @Nullable Expression operator(
      String name, JsonNode argument, String place, int depth) {
    TimeBucket bucket = bucket(name);
    if (bucket != null) {
      return new Expression.Calendar(bucket, expression(argument, place, depth + 1));
    }
    return switch (name) {
      case "$get" -> expression(argument, place, depth + 1);
      case "$type" ->
          argument.isBoolean() && argument.booleanValue() ? new Expression.TypeName() : null;
      case "$mod" ->
          argument.isNumber() ? new Expression.Modulo(Remainder.divisor(argument, place)) : null;
      default -> null;
    };
  }

  static @Nullable TimeBucket bucket(String name) {
    return switch (name) {
      case "$day" -> TimeBucket.DAY;
      case "$week" -> TimeBucket.WEEK;
      case "$month" -> TimeBucket.MONTH;
      case "$year" -> TimeBucket.YEAR;
      default -> null;
    };
  }
}
