package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.view.index.filter.JsonOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is gathered of many values, as {@code $reduce} writes it. Immutable. */
sealed interface Reduction {
  /** Begins with no values. */
  Accumulator begin(Budget budget);

  /** An operator over what is made of each value. */
  record Operator(Kind kind, Expression of, String place) implements Reduction {
    /** The operators. */
    enum Kind {
      COUNT,
      SUM,
      PRODUCT,
      MIN,
      MAX,
      COLLECT
    }

    @Override
    public Accumulator begin(Budget budget) {
      return new Accumulator.Made(
          of,
          switch (kind) {
            case COUNT -> new Accumulator.Count();
            case SUM -> new Accumulator.Sum();
            case PRODUCT -> new ExactProduct(place);
            case MIN -> new Accumulator.Extreme(-1);
            case MAX -> new Accumulator.Extreme(1);
            case COLLECT -> new Accumulator.Collected(budget);
          });
    }
  }

  /** What the values of a group have in common. */
  record Key(Expression of) implements Reduction {
    @Override
    public Accumulator begin(Budget budget) {
      return new Accumulator.Made(of, new Accumulator.Common());
    }
  }

  /** An object of others. */
  record Members(Map<String, Reduction> members) implements Reduction {
    @Override
    public Accumulator begin(Budget budget) {
      return new Accumulator.Members(members, budget);
    }
  }

  /**
   * A whole rule: one result, or one for each group.
   *
   * @param keys what the values of a group have in common; empty when there are no groups
   */
  record Whole(List<Expression> keys, Reduction shape) implements Reduction {
    boolean isGrouped() {
      return !keys.isEmpty();
    }

    @Override
    public Groups begin(Budget budget) {
      return new Groups(this, budget);
    }
  }

  /** The groups of values so far; one of all values when they are not grouped. */
  final class Groups implements Accumulator {
    private final Whole whole;
    private final Budget budget;
    private final TreeMap<List<JsonNode>, Accumulator> groups = new TreeMap<>(Groups::compareKeys);

    Groups(Whole whole, Budget budget) {
      this.whole = whole;
      this.budget = budget;
    }

    private static int compareKeys(List<JsonNode> left, List<JsonNode> right) {
      for (int i = 0; i < left.size(); i++) {
        int order = JsonOrder.INSTANCE.compare(left.get(i), right.get(i));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }

    @Override
    public void add(JsonNode value) {
      List<JsonNode> key = new ArrayList<>(whole.keys().size());
      for (Expression part : whole.keys()) {
        key.add(part.of(value));
      }
      Accumulator group = groups.get(key);
      if (group == null) {
        long bytes = 0;
        for (JsonNode part : key) {
          bytes += Budget.bytesOf(part);
        }
        budget.takeRow(bytes);
        group = whole.shape().begin(budget);
        groups.put(key, group);
      }
      group.add(value);
    }

    /** The results, lowest group first; none when there were no values. */
    List<JsonNode> results() {
      return Accumulator.results(groups.values());
    }

    /** The groups as an array; the one result when there are no groups. */
    @Override
    public JsonNode result() {
      List<JsonNode> results = results();
      if (whole.isGrouped()) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        return array.addAll(results);
      }
      return results.isEmpty() ? MissingNode.getInstance() : results.get(0);
    }
  }
}
