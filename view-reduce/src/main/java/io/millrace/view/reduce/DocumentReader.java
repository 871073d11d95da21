package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.view.index.PathRows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a document contributes to which groups. For one thread at a time.
 *
 * <p>Without a wildcard in the paths of the group, a document is in one group, or in none when it
 * has no value at one of the paths and null is not to stand for it. With one, each element
 * contributes apart; paths that share their beginning up to the wildcard take their values from the
 * same element, and different wildcards give all combinations.
 *
 * <p>A document with more than {@value #MOST_CONTRIBUTIONS} contributions, or more than {@value
 * #MOST_VALUES} values in them, fails.
 */
final class DocumentReader {
  static final int MOST_CONTRIBUTIONS = PathRows.MOST_ROWS;
  static final int MOST_VALUES = PathRows.MOST_COMBINATIONS;

  private final GroupDefinition definition;
  private final PathScopes scopes;
  private final PathScopes.Place[] group;
  private final PathScopes.Place[] columns;
  private final StringBuilder text = new StringBuilder(64);
  private int values;

  DocumentReader(GroupDefinition definition) {
    this.definition = definition;
    this.scopes = new PathScopes(definition.group(), definition.nullWhenMissing());
    this.group = definition.group().stream().map(scopes::place).toArray(PathScopes.Place[]::new);
    this.columns =
        definition.columns().stream()
            .map(column -> scopes.place(column.path()))
            .toArray(PathScopes.Place[]::new);
  }

  /**
   * What a live document contributes.
   *
   * @throws InvalidRequestException when it cannot be computed
   */
  List<Contribution> read(Change change) {
    ObjectNode body = Bodies.of(change).tree();
    if (definition.where() != null
        && !definition.where().matches(change.id(), change.revision(), body)) {
      return List.of();
    }
    values = 0;
    List<Contribution> contributions = new ArrayList<>(1);
    scopes.walk(change, body, element -> add(element, contributions));
    return contributions;
  }

  private void add(PathScopes.Element element, List<Contribution> contributions) {
    String key = key(element);
    if (key == null) {
      return;
    }
    if (contributions.size() == MOST_CONTRIBUTIONS) {
      throw tooMany("is in more than " + MOST_CONTRIBUTIONS + " groups, or more often in some");
    }
    List<List<String>> found = new ArrayList<>(columns.length);
    for (int i = 0; i < columns.length; i++) {
      found.add(values(definition.columns().get(i), element.find(columns[i])));
    }
    contributions.add(new Contribution(key, found));
  }

  /** The key of the group; null when a value is missing. */
  private @Nullable String key(PathScopes.Element element) {
    if (group.length == 0) {
      return "null";
    }
    text.setLength(0);
    if (definition.compound()) {
      text.append('[');
    }
    for (int i = 0; i < group.length; i++) {
      List<JsonNode> found = element.find(group[i]);
      if (found.isEmpty() && !definition.nullWhenMissing()) {
        return null;
      }
      if (i > 0) {
        text.append(',');
      }
      if (found.isEmpty()) {
        text.append("null");
      } else {
        CanonicalJson.write(found.get(0), text);
      }
    }
    if (definition.compound()) {
      text.append(']');
    }
    return text.toString();
  }

  private List<String> values(Column column, List<JsonNode> found) {
    List<String> texts = List.of();
    for (JsonNode value : found) {
      if (value.isNull()) {
        continue;
      }
      if (++values > MOST_VALUES) {
        throw tooMany("has more than " + MOST_VALUES + " values in its groups");
      }
      String canonical = CanonicalJson.of(value);
      if (column.numeric()) {
        requireSummable(column, value, canonical);
      }
      texts = texts.isEmpty() ? new ArrayList<>(found.size()) : texts;
      texts.add(canonical);
    }
    return texts;
  }

  private static void requireSummable(Column column, JsonNode value, String canonical) {
    if (!value.isNumber()) {
      throw new InvalidRequestException(
          "not-a-number", "a value at " + column.path() + " is neither a number nor null");
    }
    if (!value.isInt() && !value.isLong()) {
      ExactSum.require(new BigDecimal(canonical));
    }
  }

  private static InvalidRequestException tooMany(String what) {
    return new InvalidRequestException("too-many-values", "the document " + what);
  }
}
