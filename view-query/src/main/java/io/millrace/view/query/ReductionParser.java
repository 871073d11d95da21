package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.view.query.Reduction.Operator.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rules of {@code $reduce}. For one rule. */
final class ReductionParser {
  private static final int MAX_DEPTH = 100;

  /** The paths that group, in the order in which they are written. */
  private final List<Expression> keys = new ArrayList<>();

  private ReductionParser() {}

  static Reduction.Whole whole(JsonNode text, String place) {
    return whole(text, place, 0);
  }

  private static Reduction.Whole whole(JsonNode text, String place, int depth) {
    if (!text.isObject() || text.isEmpty()) {
      throw Refused.at(
          place,
          "must be an operator such as {\"$count\":true}, or an object of operators and of paths"
              + " to group by");
    }
    ReductionParser parser = new ReductionParser();
    Reduction shape = parser.reduction(text, place, depth);
    return new Reduction.Whole(List.copyOf(parser.keys), shape);
  }

  private Reduction reduction(JsonNode text, String place, int depth) {
    if (depth > MAX_DEPTH) {
      throw Refused.at(place, "rules are nested deeper than " + MAX_DEPTH + " levels");
    }
    if (!text.isObject()) {
      return key(text, place);
    }
    if (ExpressionParser.isOperators(text)) {
      return operator(text, place, depth);
    }
    Map<String, Reduction> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : text.properties()) {
      String inside = place + "." + member.getKey();
      members.put(member.getKey(), reduction(member.getValue(), inside, depth + 1));
    }
    if (members.isEmpty()) {
      throw Refused.at(place, "an object to be made has at least one member");
    }
    return new Reduction.Members(members);
  }

  private Reduction operator(JsonNode text, String place, int depth) {
    for (Map.Entry<String, JsonNode> member : text.properties()) {
      String name = member.getKey();
      String inside = place + "." + name;
      Kind kind = kind(name);
      boolean nested = name.equals("$reduce");
      if ((kind != null || nested) && text.size() > 1) {
        throw Refused.at(inside, "stands alone in its object");
      }
      if (kind != null) {
        Expression of = ExpressionParser.expression(member.getValue(), inside);
        return new Reduction.Operator(kind, of, inside);
      }
      if (nested) {
        return whole(member.getValue(), inside, depth + 1);
      }
    }
    if (depth == 0) {
      throw Refused.at(
          place + "." + text.fieldNames().next(),
          "is none of the reductions $count, $sum, $product, $min, $max and $collect; what groups"
              + " is a member of an object, such as {\"day\":{\"$day\":\"time\"}}");
    }
    return key(text, place);
  }

  private Reduction key(JsonNode text, String place) {
    Expression key = ExpressionParser.expression(text, place);
    keys.add(key);
    return new Reduction.Key(key);
  }

  private static @Nullable Kind kind(String name) {
    return switch (name) {
      case "$count" -> Kind.COUNT;
      case "$sum" -> Kind.SUM;
      case "$product" -> Kind.PRODUCT;
      case "$min" -> Kind.MIN;
      case "$max" -> Kind.MAX;
      case "$collect" -> Kind.COLLECT;
      default -> null;
    };
  }
}
