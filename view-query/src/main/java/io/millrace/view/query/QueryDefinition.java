package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.view.index.MemberPath;
import io.millrace.view.index.filter.Filter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The indexes that a view of this type declares. Immutable. */
record QueryDefinition(List<Index> indexes) {
  private static final int MOST_INDEXES = 32;
  private static final int MOST_PATHS = 32;
  private static final int LONGEST_NAME = 100;

  /**
   * One index.
   *
   * @param where which documents it has; null for all that have something at every path
   */
  record Index(String name, List<MemberPath> key, @Nullable Filter where) {}

  /**
   * Reads a definition.
   *
   * @throws InvalidDefinitionException when it is refused, with the place and the reason
   */
  static QueryDefinition of(ViewDefinition definition) {
    if (definition.from() != null) {
      throw Refused.at("from", "a view of type query indexes documents, not rows");
    }
    ObjectNode members = definition.members();
    requireKnown(members, "", List.of("indexes", "exact"));
    JsonNode exact = members.path("exact");
    if (!exact.isMissingNode() && !(exact.isBoolean() && !exact.booleanValue())) {
      throw Refused.at(
          "exact", "can only be false: documents with equal values are all kept, always");
    }
    JsonNode declared = members.path("indexes");
    if (!declared.isArray() || declared.isEmpty() || declared.size() > MOST_INDEXES) {
      throw Refused.at(
          "indexes",
          "an array of 1 to "
              + MOST_INDEXES
              + " indexes is needed, such as [{\"name\":\"by-year\",\"key\":[\"year\"]}]");
    }
    List<Index> indexes = new ArrayList<>(declared.size());
    Set<String> names = new HashSet<>();
    for (JsonNode one : declared) {
      String place = "indexes[" + indexes.size() + "]";
      Index index = index(one, place);
      if (!names.add(index.name())) {
        throw Refused.at(place + ".name", "another index is called '" + index.name() + "' too");
      }
      indexes.add(index);
    }
    return new QueryDefinition(List.copyOf(indexes));
  }

  private static Index index(JsonNode text, String place) {
    if (!text.isObject()) {
      throw Refused.at(place, "must be an object with the members name and key");
    }
    requireKnown(text, place + ".", List.of("name", "key", "where"));
    JsonNode where = text.get("where");
    return new Index(
        name(text.path("name"), place + ".name"),
        key(text.path("key"), place + ".key"),
        where == null ? null : Filter.parse(where, place + ".where"));
  }

  private static String name(JsonNode text, String place) {
    String name = text.isTextual() ? text.textValue() : "";
    if (name.isEmpty() || name.length() > LONGEST_NAME || name.equals(Question.NO_INDEX)) {
      throw Refused.at(
          place,
          "a name of 1 to "
              + LONGEST_NAME
              + " characters is needed, which is not '"
              + Question.NO_INDEX
              + "'");
    }
    return name;
  }

  private static List<MemberPath> key(JsonNode text, String place) {
    if (!text.isArray() || text.isEmpty() || text.size() > MOST_PATHS) {
      throw Refused.at(
          place,
          "an array of 1 to " + MOST_PATHS + " paths is needed, such as [\"year\",\"title\"]");
    }
    List<MemberPath> paths = new ArrayList<>(text.size());
    for (JsonNode path : text) {
      String inside = place + "[" + paths.size() + "]";
      MemberPath parsed = MemberPath.parse(path, inside);
      if (parsed.hasWildcard()) {
        throw Refused.at(
            inside,
            "the step * makes several rows of a document, and an index that answers filters has"
                + " one; a view of type index can have such rows");
      }
      if (paths.contains(parsed)) {
        throw Refused.at(inside, "the same path stands before it");
      }
      paths.add(parsed);
    }
    return List.copyOf(paths);
  }

  private static void requireKnown(JsonNode object, String prefix, List<String> known) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw Refused.at(prefix + name, "is not known; there are " + known);
      }
    }
  }
}
