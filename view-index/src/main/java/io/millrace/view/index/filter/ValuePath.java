package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.view.index.MemberPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from any JSON value to one value within it. Immutable.
 *
 * <p>Written as {@link MemberPath} is, except that the step {@code *} is refused, and that a whole
 * number alone is a path of one step.
 *
 * @param steps empty for the value itself
 */
public record ValuePath(List<Step> steps) {
  /** The most steps of a path. */
  public static final int MAX_STEPS = 100;

  /** Leads to the value itself. */
  public static final ValuePath SELF = new ValuePath(List.of());

  /**
   * One step.
   *
   * @param name of a member; null for a step to an element alone
   * @param index of an element, negative from the end; null for a step to a member alone
   */
  public record Step(@Nullable String name, @Nullable Integer index) {
    JsonNode in(JsonNode value) {
      if (value.isArray() && index != null) {
        return value.path(index < 0 ? value.size() + index : index);
      }
      return name == null ? MissingNode.getInstance() : value.path(name);
    }

    @Override
    public String toString() {
      return name == null ? String.valueOf(index) : name;
    }
  }

  /** Makes an unchangeable path. */
  public ValuePath {
    steps = List.copyOf(steps);
  }

  /**
   * Reads a path.
   *
   * @param place where it stands, for messages
   * @throws InvalidDefinitionException when it is none, or names more than one value
   */
  public static ValuePath parse(JsonNode text, String place) {
    if (text.isTextual()) {
      return new ValuePath(dotted(text.textValue(), place));
    }
    if (text.isArray()) {
      List<Step> steps = new ArrayList<>(text.size());
      for (JsonNode step : text) {
        steps.add(step(step, place + "[" + steps.size() + "]"));
      }
      if (steps.isEmpty()) {
        throw Refusals.at(place, "a path has at least one step");
      }
      requireShort(steps.size(), place);
      return new ValuePath(steps);
    }
    return new ValuePath(List.of(step(text, place)));
  }

  private static List<Step> dotted(String text, String place) {
    String[] names = text.split("\\.", -1);
    requireShort(names.length, place);
    List<Step> steps = new ArrayList<>(names.length);
    for (String name : names) {
      if (name.isEmpty()) {
        throw Refusals.at(
            place,
            "a path is names joined by dots, such as \"address.city\"; a name that is empty or has"
                + " dots is written as a step of an array, such as [\"a.b\"]");
      }
      requireOneValue(name, place);
      steps.add(new Step(name, element(name)));
    }
    return steps;
  }

  /** The element that a name is as well; null when it is none. */
  private static @Nullable Integer element(String name) {
    try {
      Integer index = Integer.valueOf(name);
      return index.toString().equals(name) ? index : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Step step(JsonNode step, String place) {
    if (step.isTextual()) {
      requireOneValue(step.textValue(), place);
      return new Step(step.textValue(), null);
    }
    if (step.isIntegralNumber() && step.canConvertToInt()) {
      return new Step(null, step.intValue());
    }
    throw Refusals.at(
        place, "a step of a path is the name of a member or the number of an element");
  }

  private static void requireOneValue(String name, String place) {
    if (name.equals("*")) {
      throw Refusals.at(place, "the step \"*\" names many values, and one is needed here");
    }
  }

  private static void requireShort(int steps, String place) {
    if (steps > MAX_STEPS) {
      throw Refusals.at(place, "a path has at most " + MAX_STEPS + " steps");
    }
  }

  /**
   * The same for a path that may name many values.
   *
   * @return null when it does, or is no path
   */
  public static @Nullable ValuePath ofIndex(JsonNode text) {
    try {
      return parse(text, "path");
    } catch (InvalidDefinitionException e) {
      return null;
    }
  }

  /** What {@code value} has there; what is missing when it has nothing. */
  public JsonNode in(JsonNode value) {
    JsonNode found = value;
    for (Step step : steps) {
      found = step.in(found);
    }
    return found;
  }

  @Override
  public String toString() {
    return steps.toString();
  }
}
