package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.view.index.MemberPath;
import io.millrace.view.index.PathRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The arrays that the wildcards of some paths lead into, so that other paths that share them take
 * their values from the same elements. Unchangeable.
 */
final class PathScopes {
  /** The document itself. */
  private static final int DOCUMENT = 0;

  /** The arrays one below the other, each behind those that it lies in; the first is no array. */
  private final List<Scope> scopes = new ArrayList<>();

  /**
   * The elements of an array.
   *
   * @param outer whose elements the array lies in
   * @param array the way to the array from there; null when the element itself is the array
   */
  private record Scope(int outer, @Nullable MemberPath array) {}

  /**
   * Where values are: in the elements of some scope.
   *
   * @param scope the scope
   * @param path the way from an element; null for the element itself
   */
  record Place(int scope, @Nullable MemberPath path) {}

  private final boolean passesEmpty;

  /**
   * Scopes for all wildcards of {@code paths}.
   *
   * @param passesEmpty whether an array without elements counts as one with an element that is not
   *     there
   */
  PathScopes(List<MemberPath> paths, boolean passesEmpty) {
    this.passesEmpty = passesEmpty;
    scopes.add(new Scope(-1, null));
    for (MemberPath path : paths) {
      List<@Nullable MemberPath> parts = parts(path);
      int outer = DOCUMENT;
      for (MemberPath part : parts.subList(0, parts.size() - 1)) {
        Scope scope = new Scope(outer, part);
        int known = scopes.indexOf(scope);
        if (known < 0) {
          known = scopes.size();
          scopes.add(scope);
        }
        outer = known;
      }
    }
  }

  /** Where the values of a path are; wildcards beyond the scopes give several. */
  Place place(MemberPath path) {
    List<@Nullable MemberPath> parts = parts(path);
    int scope = DOCUMENT;
    int passed = 0;
    while (passed < parts.size() - 1) {
      int inner = scopes.indexOf(new Scope(scope, parts.get(passed)));
      if (inner < 0) {
        break;
      }
      scope = inner;
      passed++;
    }
    return new Place(scope, behind(path, passed));
  }

  /** The pieces of a path between its wildcards; null for one without steps. */
  private static List<@Nullable MemberPath> parts(MemberPath path) {
    List<@Nullable MemberPath> parts = new ArrayList<>();
    ArrayNode part = JsonNodeFactory.instance.arrayNode();
    for (JsonNode step : steps(path)) {
      if (isWildcard(step)) {
        parts.add(part(path, part));
        part = JsonNodeFactory.instance.arrayNode();
      } else {
        part.add(step);
      }
    }
    parts.add(part(path, part));
    return parts;
  }

  /** What is left of a path behind some of its wildcards; null for nothing. */
  private static @Nullable MemberPath behind(MemberPath path, int wildcards) {
    ArrayNode rest = JsonNodeFactory.instance.arrayNode();
    int passed = 0;
    for (JsonNode step : steps(path)) {
      if (passed == wildcards) {
        rest.add(step);
      } else if (isWildcard(step)) {
        passed++;
      }
    }
    return part(path, rest);
  }

  private static List<JsonNode> steps(MemberPath path) {
    List<JsonNode> steps = new ArrayList<>();
    if (path.text().isTextual()) {
      Arrays.stream(path.text().textValue().split("\\.", -1))
          .map(TextNode::new)
          .forEach(steps::add);
    } else {
      path.text().forEach(steps::add);
    }
    return steps;
  }

  private static boolean isWildcard(JsonNode step) {
    return step.isTextual() && step.textValue().equals("*");
  }

  /** Steps of {@code path} as a path, written as it is. */
  private static @Nullable MemberPath part(MemberPath path, ArrayNode steps) {
    if (steps.isEmpty()) {
      return null;
    }
    if (!path.text().isTextual()) {
      return MemberPath.parse(steps, "path");
    }
    List<String> names = new ArrayList<>();
    steps.forEach(step -> names.add(step.textValue()));
    return MemberPath.parse(TextNode.valueOf(String.join(".", names)), "path");
  }

  /** One element of each scope. */
  final class Element {
    private final Change change;
    private final JsonNode[] elements = new JsonNode[scopes.size()];
    private int combinations;

    private Element(Change change, JsonNode document) {
      this.change = change;
      elements[DOCUMENT] = document;
    }

    /** The values at a place. */
    List<JsonNode> find(Place place) {
      return find(place.scope(), place.path());
    }

    private List<JsonNode> find(int scope, @Nullable MemberPath path) {
      JsonNode element = Objects.requireNonNull(elements[scope]);
      if (element.isMissingNode()) {
        return List.of();
      }
      if (path == null) {
        return List.of(element);
      }
      return scope == DOCUMENT
          ? path.find(change.id(), change.revision(), element)
          : path.find(element);
    }
  }

  /**
   * Calls {@code then} for each combination of elements, those of the last scope changing first.
   *
   * @throws InvalidRequestException when there are too many
   */
  void walk(Change change, JsonNode document, Consumer<Element> then) {
    walk(new Element(change, document), 1, then);
  }

  private void walk(Element element, int scope, Consumer<Element> then) {
    if (scope == scopes.size()) {
      then.accept(element);
      return;
    }
    Scope array = scopes.get(scope);
    boolean passed = false;
    for (JsonNode found : element.find(array.outer(), array.array())) {
      if (found.isArray()) {
        for (JsonNode inner : found) {
          if (++element.combinations > PathRows.MOST_COMBINATIONS) {
            throw new InvalidRequestException(
                "too-many-values",
                "the document has more than "
                    + PathRows.MOST_COMBINATIONS
                    + " combinations of elements");
          }
          element.elements[scope] = inner;
          passed = true;
          walk(element, scope + 1, then);
        }
      }
    }
    if (!passed && passesEmpty) {
      element.elements[scope] = MissingNode.getInstance();
      walk(element, scope + 1, then);
    }
  }
}
