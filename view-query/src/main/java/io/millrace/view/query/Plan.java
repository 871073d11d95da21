package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.PathIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a question is answered.
 *
 * @param chosen the index; null when all documents are looked at
 * @param assessed all indexes
 */
record Plan(Question question, @Nullable Assessment chosen, List<Assessment> assessed) {
  /** So many rows are counted to choose between indexes; ranges that have more count as equal. */
  private static final long COMPARED_ROWS = 1_000;

  /** Holding rows and sorting them costs more than reading them in order. */
  private static final long SORTING_COST = 2;

  /**
   * Chooses the index that the question names; else, of those that can be used, the one with the
   * fewest rows in its range, the one whose order is asked for counting as half; of those that have
   * as many, or very many, the one whose order is asked for, then the one with the highest score,
   * then the first.
   *
   * @throws io.millrace.api.error.InvalidRequestException when the index named cannot be used
   */
  static Plan of(Question question, List<IndexOption> options, StoreReader reader) {
    List<Assessment> assessed =
        options.stream().map(option -> Assessment.of(option, question.pipeline())).toList();
    Assessment chosen =
        question.index() == null
            ? best(assessed, question.pipeline().sort() != null, reader)
            : named(question.index(), assessed, question.after() != null);
    return new Plan(question, chosen, assessed);
  }

  private static @Nullable Assessment named(
      String name, List<Assessment> assessed, boolean resumed) {
    if (name.equals(Question.NO_INDEX)) {
      return null;
    }
    Assessment found =
        assessed.stream().filter(one -> one.option().name().equals(name)).findFirst().orElse(null);
    String problem =
        found == null
            ? "there is no such index; there are " + names(assessed)
            : found.unfit() == null ? null : "it cannot answer this question: " + found.unfit();
    if (problem != null) {
      String parameter = resumed ? "after" : "index";
      throw Refused.parameter(parameter, "names the index '" + name + "': " + problem);
    }
    return found;
  }

  private static List<String> names(List<Assessment> assessed) {
    return assessed.stream().map(one -> one.option().name()).toList();
  }

  private static @Nullable Assessment best(
      List<Assessment> assessed, boolean sorting, StoreReader reader) {
    List<Assessment> usable = assessed.stream().filter(Assessment::isUsable).toList();
    if (usable.size() < 2) {
      return usable.isEmpty() ? null : usable.get(0);
    }
    Assessment best = null;
    long least = Long.MAX_VALUE;
    for (Assessment one : usable) {
      long rows = one.count(COMPARED_ROWS, reader);
      long cost = sorting && !one.sorts() ? rows * SORTING_COST : rows;
      cost = Math.min(cost, COMPARED_ROWS);
      if (best == null || cost < least || cost == least && isBetter(one, best)) {
        best = one;
        least = cost;
      }
    }
    return best;
  }

  private static boolean isBetter(Assessment one, Assessment other) {
    return one.sorts() == other.sorts() ? one.score() > other.score() : one.sorts();
  }

  /** Whether the order of the index is the one asked for. */
  boolean isSorted() {
    return chosen != null && chosen.sorts();
  }

  /** Whether the highest row of the index, or the highest id, comes first. */
  boolean isReadReversed() {
    SortRule sort = question.pipeline().sort();
    return isSorted() && sort != null ? sort.isDescending() : question.reverse();
  }

  /** The stages that documents pass, in the order in which they are read. */
  Pipeline pipeline() {
    return isSorted() ? question.pipeline().sorted() : question.pipeline();
  }

  /**
   * The plan as JSON.
   *
   * @param countedRows where counting the rows of the range ends
   */
  JsonNode explain(long countedRows, StoreReader reader) {
    ObjectNode plan = JsonNodeFactory.instance.objectNode();
    if (chosen == null) {
      plan.put("scan", true);
    } else {
      plan.put("index", chosen.option().name());
      plan.set("key", array(chosen.option().index().paths()));
      bounds(plan, chosen.range());
      long rows = chosen.count(countedRows + 1, reader);
      plan.put("rows", Math.min(rows, countedRows));
      plan.put("more", rows > countedRows);
    }
    plan.put("reverse", isReadReversed());
    Stage gathering = pipeline().gathering();
    if (question.pipeline().sort() != null) {
      plan.put("sorted", isSorted() ? "index" : "memory");
    }
    plan.put("streams", gathering == null);
    plan.put("live", question.pipeline().gathering() == null && !question.reverse());
    ObjectNode scores = plan.putObject("scores");
    ObjectNode unfit = plan.objectNode();
    for (Assessment one : assessed) {
      scores.put(one.option().name(), one.score());
      if (one.unfit() != null) {
        unfit.put(one.option().name(), one.unfit());
      }
    }
    return unfit.isEmpty() ? plan : plan.set("unfit", unfit);
  }

  private static void bounds(ObjectNode plan, PathIndex.Range range) {
    ArrayNode from = array(range.equal());
    ArrayNode to = from.deepCopy();
    if (range.from() != null) {
      from.add(range.from());
    }
    if (range.to() != null) {
      to.add(range.to());
    }
    if (!from.isEmpty()) {
      plan.set("gte", from);
    }
    if (!to.isEmpty()) {
      plan.set("lte", to);
    }
  }

  private static ArrayNode array(List<JsonNode> values) {
    return JsonNodeFactory.instance.arrayNode().addAll(values);
  }
}
