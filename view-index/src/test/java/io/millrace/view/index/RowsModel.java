package io.millrace.view.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Revision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that {@link PathRows} promises, found as plainly as can be: an element is chosen for
 * each wildcard, in every way there is.
 */
final class RowsModel {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PathRows.Shape shape;
  private final List<List<PathStep>> wildcards;

  RowsModel(PathRows.Shape shape) {
    this.shape = shape;
    Set<List<PathStep>> prefixes = new LinkedHashSet<>();
    for (MemberPath path : shape.key()) {
      List<PathStep> steps = Arrays.asList(path.steps());
      for (int i = 0; i < steps.size(); i++) {
        if (steps.get(i).isEach()) {
          prefixes.add(steps.subList(0, i + 1));
        }
      }
    }
    this.wildcards = List.copyOf(prefixes);
  }

  /** Each row as an array of its key and its value; some may have equal keys. */
  List<JsonNode> rows(String id, Revision revision, JsonNode document) {
    List<JsonNode> rows = new ArrayList<>();
    choose(new HashMap<>(), 0, id, revision, document, rows);
    return rows;
  }

  private void choose(
      Map<List<PathStep>, Integer> chosen,
      int next,
      String id,
      Revision revision,
      JsonNode document,
      List<JsonNode> rows) {
    if (next == wildcards.size()) {
      row(chosen, id, revision, document, rows);
      return;
    }
    List<PathStep> wildcard = wildcards.get(next);
    JsonNode array = find(wildcard.subList(0, wildcard.size() - 1), chosen, document);
    if (array == null || !array.isArray() || array.isEmpty()) {
      choose(chosen, next + 1, id, revision, document, rows);
      return;
    }
    for (int i = 0; i < array.size(); i++) {
      Map<List<PathStep>, Integer> more = new HashMap<>(chosen);
      more.put(wildcard, i);
      choose(more, next + 1, id, revision, document, rows);
    }
  }

  private void row(
      Map<List<PathStep>, Integer> chosen,
      String id,
      Revision revision,
      JsonNode document,
      List<JsonNode> rows) {
    ArrayNode keys = NODES.arrayNode();
    for (MemberPath path : shape.key()) {
      JsonNode value = value(path, chosen, id, revision, document);
      if (value == null && !shape.nullWhenMissing()) {
        return;
      }
      keys.add(value);
    }
    ArrayNode row = NODES.arrayNode();
    row.add(shape.compound() ? keys : keys.get(0));
    MemberPath single = shape.value();
    if (single != null) {
      row.add(value(single, chosen, id, revision, document));
    } else if (shape.members().isEmpty()) {
      row.addNull();
    } else {
      ObjectNode members = row.addObject();
      shape
          .members()
          .forEach(
              (name, path) -> {
                JsonNode value = value(path, chosen, id, revision, document);
                members.set(name, value == null ? NullNode.getInstance() : value);
              });
    }
    rows.add(row);
  }

  private static @Nullable JsonNode value(
      MemberPath path,
      Map<List<PathStep>, Integer> chosen,
      String id,
      Revision revision,
      JsonNode document) {
    if (path.metadata() != null) {
      return NODES.textNode(path.metadata().equals("id") ? id : revision.toString());
    }
    return find(Arrays.asList(path.steps()), chosen, document);
  }

  private static @Nullable JsonNode find(
      List<PathStep> steps, Map<List<PathStep>, Integer> chosen, JsonNode document) {
    JsonNode at = document;
    for (int i = 0; i < steps.size() && at != null; i++) {
      PathStep step = steps.get(i);
      if (step.isEach()) {
        Integer element = chosen.get(steps.subList(0, i + 1));
        at = element == null ? null : at.get(element);
      } else if (at.isArray()) {
        int index = step.index() < 0 ? at.size() + step.index() : step.index();
        at = step.isElement() ? at.get(index) : null;
      } else {
        at = step.name() == null ? null : at.get(step.name());
      }
    }
    return at;
  }
}
