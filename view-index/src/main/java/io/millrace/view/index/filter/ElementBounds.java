package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/** What rules about the first elements say about an array. */
final class ElementBounds {
  private ElementBounds() {}

  /**
   * The arrays that begin with what the first rules demand exactly, and go on within the range of
   * the rule behind them.
   */
  static Bounds of(List<Rule> elements) {
    List<JsonNode> exact = new ArrayList<>();
    for (Rule element : elements) {
      Bounds bounds = element.bounds();
      if (bounds instanceof Bounds.Exact value) {
        exact.add(value.value());
      } else {
        return bounds instanceof Bounds.Range range ? range(exact, range) : prefix(exact);
      }
    }
    return prefix(exact);
  }

  private static Bounds prefix(List<JsonNode> exact) {
    return new Bounds.Range(array(exact), Neighbours.abovePrefix(exact));
  }

  private static Bounds range(List<JsonNode> exact, Bounds.Range next) {
    ArrayNode from = array(exact);
    if (next.from() != null) {
      from.add(next.from());
    }
    if (next.to() == null) {
      return new Bounds.Range(from, Neighbours.abovePrefix(exact));
    }
    return new Bounds.Range(from, array(exact).add(Neighbours.after(next.to())));
  }

  private static ArrayNode array(List<JsonNode> elements) {
    return JsonNodeFactory.instance.arrayNode().addAll(elements);
  }
}
