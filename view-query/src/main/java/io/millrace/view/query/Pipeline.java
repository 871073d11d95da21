package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.view.index.filter.Bounds;
import io.millrace.view.index.filter.Filter;
import io.millrace.view.index.filter.ValuePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The stages of a question, in their order. Immutable. */
record Pipeline(List<Stage> stages) {
  private static final Set<String> NAMES =
      new TreeSet<>(List.of("$filter", "$map", "$reduce", "$sort"));
  private static final int MOST_STAGES = 100;

  /** Everything. */
  static final Pipeline NOTHING = new Pipeline(List.of());

  /**
   * Reads the stages: an array of them, of which null is left out; or one stage; or the rule of a
   * filter.
   *
   * @throws io.millrace.api.view.InvalidDefinitionException with the place and the reason
   */
  static Pipeline parse(JsonNode text, String place) {
    if (text.isObject()) {
      boolean stage =
          text.properties().stream().anyMatch(member -> NAMES.contains(member.getKey()));
      return new Pipeline(
          List.of(stage ? stage(text, place) : new Stage.Filtering(Filter.parse(text, place))));
    }
    if (!text.isArray()) {
      throw Refused.at(place, "must be an array of stages, or the object of a filter");
    }
    if (text.size() > MOST_STAGES) {
      throw Refused.at(place, "has more than " + MOST_STAGES + " stages");
    }
    List<Stage> stages = new ArrayList<>(text.size());
    for (int i = 0; i < text.size(); i++) {
      if (!text.get(i).isNull()) {
        stages.add(stage(text.get(i), place + "[" + i + "]"));
      }
    }
    return new Pipeline(List.copyOf(stages));
  }

  private static Stage stage(JsonNode text, String place) {
    if (!text.isObject() || text.size() != 1) {
      throw Refused.at(place, "a stage is an object with one member, which is one of " + NAMES);
    }
    Map.Entry<String, JsonNode> member = text.properties().iterator().next();
    String inside = place + "." + member.getKey();
    JsonNode rule = member.getValue();
    return switch (member.getKey()) {
      case "$filter" -> new Stage.Filtering(Filter.parse(rule, inside));
      case "$map" -> new Stage.Mapping(ExpressionParser.expression(rule, inside));
      case "$reduce" -> new Stage.Reducing(ReductionParser.whole(rule, inside), inside);
      case "$sort" -> new Stage.Sorting(SortRule.parse(rule, inside), inside);
      default -> throw Refused.at(inside, "there is no such stage; there are " + NAMES);
    };
  }

  /** The filters that documents pass before anything else is done. */
  List<Filter> filters() {
    List<Filter> filters = new ArrayList<>();
    for (Stage stage : stages) {
      if (!(stage instanceof Stage.Filtering filtering)) {
        break;
      }
      filters.add(filtering.filter());
    }
    return filters;
  }

  /** The order that documents are put in behind the first filters; null when they are not. */
  @Nullable SortRule sort() {
    int at = filters().size();
    return at < stages.size() && stages.get(at) instanceof Stage.Sorting sorting
        ? sorting.rule()
        : null;
  }

  /** What the first filters say about the value at {@code path} of a document. */
  Bounds boundsAt(ValuePath path) {
    Bounds bounds = Bounds.NOTHING;
    for (Filter filter : filters()) {
      bounds = bounds.and(filter.boundsAt(path));
    }
    return bounds;
  }

  /** Whether documents that pass the first filters have something at {@code path}. */
  boolean requires(ValuePath path) {
    return filters().stream().anyMatch(filter -> filter.requires(path));
  }

  /** Whether documents that pass the first filters match {@code where}. */
  boolean implies(Filter where) {
    return filters().stream().anyMatch(filter -> filter.implies(where));
  }

  /** The first stage that needs all items before it gives the first; null when there is none. */
  @Nullable Stage gathering() {
    return stages.stream().filter(Stage::gathers).findFirst().orElse(null);
  }

  /** The same for documents that come in the order that {@link #sort} asks for. */
  Pipeline sorted() {
    List<Stage> others = new ArrayList<>(stages);
    others.remove(filters().size());
    return new Pipeline(List.copyOf(others));
  }

  /**
   * What comes out behind the last stage.
   *
   * @param most how many of it will be asked for
   */
  Stage.Source over(Stage.Source documents, QueryLimits limits, long most) {
    Stage.Source items = documents;
    for (int i = 0; i < stages.size(); i++) {
      items =
          stages.get(i) instanceof Stage.Sorting sorting && allPassBehind(i)
              ? sorting.over(items, limits, most)
              : stages.get(i).over(items, limits);
    }
    return items;
  }

  /** Whether it is certain that the stages behind one make one item of each, in the same order. */
  private boolean allPassBehind(int at) {
    List<Stage> behind = stages.subList(at + 1, stages.size());
    boolean documents =
        stages.subList(0, at).stream()
            .allMatch(stage -> stage instanceof Stage.Filtering || stage instanceof Stage.Sorting);
    return behind.isEmpty()
        || documents
            && behind.stream()
                .allMatch(
                    stage ->
                        // Of an object it makes an object.
                        stage instanceof Stage.Mapping mapping
                            && mapping.expression() instanceof Expression.Members);
  }
}
