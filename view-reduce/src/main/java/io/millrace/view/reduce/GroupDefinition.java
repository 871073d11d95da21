package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.view.index.MemberPath;
import io.millrace.view.index.filter.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which groups there are, and what is computed of them.
 *
 * @param group the paths whose values make the key of a group; none for one group of all
 * @param compound whether the key is an array of the values; otherwise there is at most one path
 * @param nullWhenMissing whether null stands for a value of the key that is not there; otherwise
 *     the document is in no group
 * @param where which documents take part; null for all
 * @param columns what is kept of the values at paths
 * @param aggregates what is shown, in the order in which it is shown
 */
record GroupDefinition(
    List<MemberPath> group,
    boolean compound,
    boolean nullWhenMissing,
    @Nullable Filter where,
    List<Column> columns,
    List<Aggregate> aggregates) {
  private static final int MOST_PATHS = 32;
  private static final int MOST_AGGREGATES = 100;

  /**
   * Reads a definition that has the member {@code aggregates}.
   *
   * @throws InvalidDefinitionException with the place and the reason
   */
  static GroupDefinition of(ViewDefinition definition) {
    ObjectNode members = definition.members();
    Definitions.requireKnown(
        members, Set.of("group", "missing", "where", "aggregates"), "", "a view of aggregates");
    JsonNode group = members.get("group");
    JsonNode where = members.get("where");
    Reading reading = new Reading(members.get("aggregates"));
    return new GroupDefinition(
        group == null ? List.of() : paths(group),
        group != null && group.isArray(),
        nullWhenMissing(members.get("missing"), group),
        where == null ? null : Filter.parse(where, "where"),
        List.copyOf(reading.columns),
        List.copyOf(reading.aggregates));
  }

  private static boolean nullWhenMissing(@Nullable JsonNode missing, @Nullable JsonNode group) {
    if (missing == null) {
      return false;
    }
    if (group == null) {
      throw new InvalidDefinitionException("missing: makes no sense without 'group'");
    }
    return switch (missing.asText()) {
      case "skip" -> false;
      case "null" -> true;
      default -> throw new InvalidDefinitionException("missing: must be \"skip\" or \"null\"");
    };
  }

  private static List<MemberPath> paths(JsonNode group) {
    if (!group.isArray()) {
      return List.of(path(group, "group"));
    }
    if (group.isEmpty() || group.size() > MOST_PATHS) {
      throw new InvalidDefinitionException(
          "group: 1 to " + MOST_PATHS + " paths are needed; leave it out for one group of all");
    }
    List<MemberPath> paths = new ArrayList<>(group.size());
    for (int i = 0; i < group.size(); i++) {
      MemberPath path = path(group.get(i), "group[" + i + "]");
      if (paths.contains(path)) {
        throw new InvalidDefinitionException("group[" + i + "]: the path stands there twice");
      }
      paths.add(path);
    }
    return paths;
  }

  private static MemberPath path(JsonNode text, String place) {
    MemberPath path = MemberPath.parse(text, place);
    if (path.isEmpty()) {
      throw new InvalidDefinitionException(place + ": there is never a value at " + path);
    }
    return path;
  }

  /** The aggregates while they are read, and the columns that they need. */
  private static final class Reading {
    private final List<Column> columns = new ArrayList<>();
    private final List<Aggregate> aggregates = new ArrayList<>();

    Reading(JsonNode all) {
      if (!all.isObject() || all.isEmpty() || all.size() > MOST_AGGREGATES) {
        throw new InvalidDefinitionException(
            "aggregates: an object of 1 to "
                + MOST_AGGREGATES
                + " aggregates is needed, such as {\"n\":\"count\",\"total\":{\"sum\":\"price\"}}");
      }
      all.properties().forEach(entry -> read(entry.getKey(), entry.getValue()));
    }

    private void read(String name, JsonNode aggregate) {
      String place = "aggregates." + name;
      if (aggregate.isTextual() && aggregate.textValue().equals(Aggregate.Kind.COUNT.text())) {
        aggregates.add(new Aggregate(name, Aggregate.Kind.COUNT, -1));
        return;
      }
      if (!aggregate.isObject() || aggregate.size() != 1) {
        throw new InvalidDefinitionException(
            place
                + ": must be \"count\", or an object of one member, such as {\"sum\":\"price\"};"
                + " there are "
                + String.join(", ", Aggregate.Kind.texts()));
      }
      Map.Entry<String, JsonNode> only = aggregate.properties().iterator().next();
      Aggregate.Kind kind = Aggregate.Kind.of(only.getKey());
      if (kind == null) {
        throw new InvalidDefinitionException(
            place
                + ": there is no aggregate called '"
                + only.getKey()
                + "'; there are "
                + String.join(", ", Aggregate.Kind.texts()));
      }
      MemberPath path = path(only.getValue(), place + "." + kind.text());
      aggregates.add(new Aggregate(name, kind, column(kind.column(path))));
    }

    private int column(Column needed) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).isLike(needed)) {
          columns.set(i, columns.get(i).with(needed));
          return i;
        }
      }
      columns.add(needed);
      return columns.size() - 1;
    }
  }
}
