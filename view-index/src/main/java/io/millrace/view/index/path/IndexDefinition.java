package io.millrace.view.index.path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.view.index.MemberPath;
import io.millrace.view.index.PathRows;
import io.millrace.view.index.filter.Filter;
import io.millrace.view.index.reduce.Reducer;
import io.millrace.view.index.reduce.Reducers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an index is over.
 *
 * @param shape what a row is made of
 * @param where which documents have rows; null for all
 * @param reducer what rows are reduced with; null when they are not
 * @param ofDocuments whether the input is the documents themselves, not another query's rows
 */
record IndexDefinition(
    PathRows.Shape shape, @Nullable Filter where, @Nullable Reducer reducer, boolean ofDocuments) {
  private static final Set<String> MEMBERS = Set.of("key", "value", "where", "missing", "reduce");
  private static final int MOST_PATHS = 32;

  /**
   * Reads a definition.
   *
   * @throws InvalidDefinitionException with the member, the place in it and the reason
   */
  static IndexDefinition of(ViewDefinition definition) {
    ObjectNode members = definition.members();
    requireKnown(members);
    JsonNode key = members.get("key");
    if (key == null) {
      throw refused(
          "member 'key' is needed: a path such as \"city\", or an array of paths such as"
              + " [\"city\",\"name\"]");
    }
    List<MemberPath> keys = keys(key);
    JsonNode value = members.path("value");
    Map<String, MemberPath> named = value.isObject() ? named(value, keys) : Map.of();
    MemberPath single =
        value.isMissingNode() || value.isObject() || value.isNull()
            ? null
            : valuePath(value, keys, "member 'value'");
    PathRows.Shape shape =
        new PathRows.Shape(keys, key.isArray(), single, named, nullWhenMissing(members));
    JsonNode where = members.get("where");
    Filter filter = where == null ? null : Filter.parse(where, "member 'where'");
    return new IndexDefinition(shape, filter, reducer(members), definition.from() == null);
  }

  private static @Nullable Reducer reducer(ObjectNode members) {
    JsonNode reduce = members.get("reduce");
    if (reduce == null) {
      return null;
    }
    Reducer reducer = reduce.isTextual() ? Reducers.find(reduce.textValue()) : null;
    if (reducer == null) {
      throw refused(
          "member 'reduce' must be one of "
              + String.join(", ", Reducers.NAMES)
              + "; functions are for views of type js");
    }
    return reducer;
  }

  private static void requireKnown(ObjectNode members) {
    for (Iterator<String> names = members.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!MEMBERS.contains(name)) {
        throw refused(
            "member '"
                + name
                + "' is not known; a view of type index has the members 'key', 'value', 'where',"
                + " 'missing' and 'reduce'");
      }
    }
  }

  private static List<MemberPath> keys(JsonNode key) {
    if (!key.isArray()) {
      return List.of(path(key, "member 'key'"));
    }
    if (key.isEmpty()) {
      throw refused("member 'key' names no path; an index needs at least one");
    }
    requireFew(key, "key");
    List<MemberPath> paths = new ArrayList<>(key.size());
    for (int i = 0; i < key.size(); i++) {
      MemberPath path = path(key.get(i), "member 'key', path " + (i + 1));
      int same = paths.indexOf(path);
      if (same >= 0) {
        throw refused("member 'key', path " + (i + 1) + ": is path " + (same + 1) + " again");
      }
      paths.add(path);
    }
    return paths;
  }

  private static Map<String, MemberPath> named(JsonNode value, List<MemberPath> keys) {
    if (value.isEmpty()) {
      throw refused("member 'value' names no path; leave it out for rows without values");
    }
    requireFew(value, "value");
    Map<String, MemberPath> paths = new LinkedHashMap<>();
    value
        .properties()
        .forEach(
            member ->
                paths.put(
                    member.getKey(),
                    valuePath(
                        member.getValue(), keys, "member 'value', '" + member.getKey() + "'")));
    return paths;
  }

  private static MemberPath path(JsonNode text, String place) {
    MemberPath path = MemberPath.parse(text, place);
    if (path.isEmpty()) {
      throw refused(place + ": nothing lies behind the document's id or revision");
    }
    return path;
  }

  /** A path of the value; it may walk only over elements that the key walks over. */
  private static MemberPath valuePath(JsonNode text, List<MemberPath> keys, String place) {
    MemberPath path = path(text, place);
    if (path.hasWildcard() && keys.stream().noneMatch(path::walksWith)) {
      throw refused(
          place
              + ": walks over elements that no path of 'key' walks over; name the array itself to"
              + " have all of it");
    }
    return path;
  }

  private static void requireFew(JsonNode paths, String name) {
    if (paths.size() > MOST_PATHS) {
      throw refused(
          "member '" + name + "' has " + paths.size() + " paths, and may have " + MOST_PATHS);
    }
  }

  private static boolean nullWhenMissing(ObjectNode members) {
    JsonNode missing = members.get("missing");
    if (missing == null || "skip".equals(missing.textValue())) {
      return false;
    }
    if ("null".equals(missing.textValue())) {
      return true;
    }
    throw refused("member 'missing' must be \"skip\" or \"null\", not " + missing);
  }

  private static InvalidDefinitionException refused(String reason) {
    return new InvalidDefinitionException(reason);
  }

  /** Whether rows are made for exactly the documents that have a value at every path of the key. */
  boolean findsDocuments() {
    return ofDocuments
        && where == null
        && !shape.nullWhenMissing()
        && shape.key().stream().noneMatch(MemberPath::hasWildcard);
  }
}
