package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the text of filters. */
final class RuleParser {
  static final Set<String> OPERATORS =
      new TreeSet<>(
          List.of(
              "$lt", "$lte", "$gt", "$gte", "$eq", "$ne", "$prefix", "$in", "$is", "$type", "$not",
              "$truthy", "$int", "$mod", "$get"));

  private static final int MAX_DEPTH = 100;

  private RuleParser() {}

  static Rule rule(JsonNode text, String place, int depth) {
    if (depth > MAX_DEPTH) {
      throw Refusals.at(place, "rules are nested deeper than " + MAX_DEPTH + " levels");
    }
    if (text.isArray()) {
      List<Rule> elements = new ArrayList<>(text.size());
      for (JsonNode element : text) {
        elements.add(rule(element, place + "[" + elements.size() + "]", depth + 1));
      }
      return new Rule.Elements(List.copyOf(elements));
    }
    return text.isObject() ? object(text, place, depth) : new Rule.Equal(text);
  }

  private static Rule object(JsonNode text, String place, int depth) {
    Map<String, Rule> members = new LinkedHashMap<>();
    List<Rule> operators = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : text.properties()) {
      String name = member.getKey();
      String inside = place + "." + name;
      if (name.startsWith("$")) {
        operators.add(operator(name, member.getValue(), inside, depth));
      } else {
        members.put(name, rule(member.getValue(), inside, depth + 1));
      }
    }
    if (operators.isEmpty()) {
      return new Rule.Members(members);
    }
    if (!members.isEmpty()) {
      throw Refusals.at(
          place + "." + members.keySet().iterator().next(),
          "operators, which begin with $, and names of members cannot stand in one object");
    }
    return operators.size() == 1 ? operators.get(0) : new Rule.All(List.copyOf(operators));
  }

  private static Rule operator(String name, JsonNode argument, String place, int depth) {
    return switch (name) {
      case "$lt" -> new Rule.Compared(Rule.Comparison.LESS, argument);
      case "$lte" -> new Rule.Compared(Rule.Comparison.LESS_OR_EQUAL, argument);
      case "$gt" -> new Rule.Compared(Rule.Comparison.GREATER, argument);
      case "$gte" -> new Rule.Compared(Rule.Comparison.GREATER_OR_EQUAL, argument);
      case "$eq" -> new Rule.Equal(argument);
      case "$ne" -> new Rule.Not(new Rule.Equal(argument));
      case "$prefix" -> prefix(argument, place);
      case "$in" -> oneOf(argument, place);
      case "$is", "$type" -> new Rule.OfType(type(argument, place));
      case "$not" -> new Rule.Not(rule(argument, place, depth + 1));
      case "$truthy" -> new Rule.Truthy(ValuePath.SELF, flag(argument, place));
      case "$int" -> new Rule.Whole(flag(argument, place));
      case "$mod" -> modulo(argument, place);
      case "$get" -> new Rule.Truthy(ValuePath.parse(argument, place), true);
      default -> throw Refusals.at(place, "there is no such operator; there are " + OPERATORS);
    };
  }

  private static Rule prefix(JsonNode argument, String place) {
    if (argument.isTextual()) {
      return new Rule.TextPrefix(argument.textValue());
    }
    if (argument.isArray()) {
      List<JsonNode> prefix = new ArrayList<>(argument.size());
      argument.forEach(prefix::add);
      return new Rule.ArrayPrefix(List.copyOf(prefix));
    }
    throw Refusals.at(place, "a prefix is a string or an array");
  }

  private static Rule oneOf(JsonNode argument, String place) {
    if (!argument.isArray()) {
      throw Refusals.at(place, "needs an array of values");
    }
    TreeSet<JsonNode> values = new TreeSet<>(JsonOrder.INSTANCE);
    argument.forEach(values::add);
    return new Rule.OneOf(values);
  }

  private static JsonType type(JsonNode argument, String place) {
    JsonType type = argument.isTextual() ? JsonType.named(argument.textValue()) : null;
    if (type == null) {
      throw Refusals.at(place, "must be one of " + List.of(JsonType.values()));
    }
    return type;
  }

  private static boolean flag(JsonNode argument, String place) {
    if (!argument.isBoolean()) {
      throw Refusals.at(place, "must be true or false");
    }
    return argument.booleanValue();
  }

  private static Rule modulo(JsonNode argument, String place) {
    if (argument.isNumber()) {
      return new Rule.Modulo(Remainder.divisor(argument, place), null);
    }
    if (argument instanceof ArrayNode pair && pair.size() == 2 && pair.get(1).isNumber()) {
      return new Rule.Modulo(
          Remainder.divisor(pair.get(0), place + "[0]"), pair.get(1).decimalValue());
    }
    throw Refusals.at(place, "needs a divisor, or an array of a divisor and what must be left");
  }
}
