package io.millrace.view.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.document.Revision;
import io.millrace.api.view.InvalidDefinitionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a document to values in it. Immutable.
 *
 * <p>Written as a string, the path is the names of members joined by dots: {@code "address.city"}.
 * A whole number among them is, in an array, the element at that place, counted from 0, or from the
 * end when it is negative: {@code "tags.0"}, {@code "tags.-1"}; in an object it is a name like any
 * other. Written as an array, the path is its steps, each taken exactly: a string is the name of a
 * member, dots and digits included, and a number is an element: {@code ["a.b","c",0]}. In both, the
 * step {@code *} is each element of an array.
 *
 * <p>{@code id} and {@code rev} as the first step are the document's id and revision. Where there
 * is no such member or element, or the value is not of the kind that the step needs, there is no
 * value; a member that is null is a value.
 */
public final class MemberPath {
  /** The most steps of a path. */
  public static final int MOST_STEPS = 100;

  private final JsonNode text;
  private final PathStep[] steps;
  private final boolean wildcard;
  private final @Nullable String metadata;

  private MemberPath(JsonNode text, List<PathStep> steps) {
    this.text = text;
    this.steps = steps.toArray(new PathStep[0]);
    this.wildcard = steps.contains(PathStep.EACH);
    String first = steps.get(0).name();
    this.metadata = "id".equals(first) || "rev".equals(first) ? first : null;
  }

  /**
   * Reads a path.
   *
   * @param place names where the path stands, for the message
   * @throws InvalidDefinitionException when it is no path
   */
  public static MemberPath parse(JsonNode text, String place) {
    List<PathStep> steps = new ArrayList<>();
    if (text.isTextual()) {
      readDotted(text.textValue(), steps, place);
    } else if (text.isArray()) {
      for (JsonNode step : text) {
        steps.add(exactStep(step, place));
      }
    } else {
      throw refused(place, "a path is a string such as \"address.city\", or an array of steps");
    }
    if (steps.isEmpty()) {
      throw refused(place, "a path needs at least one step");
    }
    if (steps.size() > MOST_STEPS) {
      throw refused(place, "a path has at most " + MOST_STEPS + " steps");
    }
    return new MemberPath(text.deepCopy(), steps);
  }

  private static void readDotted(String text, List<PathStep> steps, String place) {
    int start = 0;
    while (start <= text.length()) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      if (end == start) {
        throw refused(
            place,
            text.isEmpty()
                ? "a path must not be empty"
                : "a step of the path is empty; names that are empty or have dots need an array");
      }
      steps.add(dottedStep(text.substring(start, end)));
      start = end + 1;
    }
  }

  private static PathStep dottedStep(String step) {
    if (step.equals("*")) {
      return PathStep.EACH;
    }
    try {
      int index = Integer.parseInt(step);
      // Only what a number is written as: not 00 or +1.
      if (Integer.toString(index).equals(step)) {
        return PathStep.memberOrElement(step, index);
      }
    } catch (NumberFormatException e) {
      // A name.
    }
    return PathStep.member(step);
  }

  private static PathStep exactStep(JsonNode step, String place) {
    if (step.isTextual()) {
      String name = step.textValue();
      return name.equals("*") ? PathStep.EACH : PathStep.member(name);
    }
    if (step.isIntegralNumber() && step.canConvertToInt()) {
      return PathStep.element(step.intValue());
    }
    throw refused(place, "a step of a path is a name or a whole number");
  }

  private static InvalidDefinitionException refused(String place, String reason) {
    return new InvalidDefinitionException(place + ": " + reason);
  }

  /** The path as it was written; not to be changed. */
  public JsonNode text() {
    return text;
  }

  /** Whether a step is each element of an array, so that there may be several values. */
  public boolean hasWildcard() {
    return wildcard;
  }

  /** Whether there is no value in any document: id and revision are strings. */
  public boolean isEmpty() {
    return metadata != null && steps.length > 1;
  }

  /** Whether {@code other} has the same steps up to the last wildcard of this path. */
  public boolean walksWith(MemberPath other) {
    int shared = Arrays.asList(steps).lastIndexOf(PathStep.EACH) + 1;
    return shared <= other.steps.length && Arrays.equals(steps, 0, shared, other.steps, 0, shared);
  }

  /**
   * The values in a document, in their order there.
   *
   * @param document its own members, without id and revision
   */
  public List<JsonNode> find(String id, Revision rev, JsonNode document) {
    if (metadata == null) {
      return find(document);
    }
    if (isEmpty()) {
      return List.of();
    }
    return List.of(TextNode.valueOf(metadata.equals("id") ? id : rev.toString()));
  }

  /** The values in any value; {@code id} and {@code rev} are members like others. */
  public List<JsonNode> find(JsonNode value) {
    if (wildcard) {
      List<JsonNode> found = new ArrayList<>();
      gather(value, 0, found);
      return found;
    }
    JsonNode at = value;
    for (PathStep step : steps) {
      at = child(at, step);
      if (at == null) {
        return List.of();
      }
    }
    return List.of(at);
  }

  private void gather(JsonNode value, int from, List<JsonNode> found) {
    JsonNode at = value;
    for (int i = from; i < steps.length; i++) {
      if (steps[i].isEach()) {
        if (at.isArray()) {
          for (JsonNode element : at) {
            gather(element, i + 1, found);
          }
        }
        return;
      }
      at = child(at, steps[i]);
      if (at == null) {
        return;
      }
    }
    found.add(at);
  }

  private static @Nullable JsonNode child(JsonNode value, PathStep step) {
    if (value.isArray()) {
      int index = step.index() < 0 ? value.size() + step.index() : step.index();
      return step.isElement() ? value.get(index) : null;
    }
    return step.name() == null ? null : value.get(step.name());
  }

  /** The member beside the body that the path begins with, {@code id} or {@code rev}; or null. */
  @Nullable String metadata() {
    return metadata;
  }

  /** The steps; not a copy, must not be changed. */
  PathStep[] steps() {
    return steps;
  }

  /** Whether {@code other} leads the same way, however it is written. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MemberPath path && Arrays.equals(steps, path.steps);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(steps);
  }

  /** The path as JSON. */
  @Override
  public String toString() {
    return text.toString();
  }
}
