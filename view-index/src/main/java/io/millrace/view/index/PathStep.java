package io.millrace.view.index;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of a path: the member of an object, an element of an array, either of the two, or each
 * element of an array. Immutable.
 */
final class PathStep {
  /** The step to each element of an array. */
  static final PathStep EACH = new PathStep(null, false, 0, true);

  private final @Nullable String name;
  private final byte[] utf8;
  private final boolean element;
  private final int index;
  private final boolean each;

  private PathStep(@Nullable String name, boolean element, int index, boolean each) {
    this.name = name;
    this.utf8 = name == null ? new byte[0] : name.getBytes(StandardCharsets.UTF_8);
    this.element = element;
    this.index = index;
    this.each = each;
  }

  /** The member called {@code name}. */
  static PathStep member(String name) {
    return new PathStep(name, false, 0, false);
  }

  /** The element at {@code index}, negative from the end. */
  static PathStep element(int index) {
    return new PathStep(null, true, index, false);
  }

  /** The member called {@code name}, or of an array the element at {@code index}. */
  static PathStep memberOrElement(String name, int index) {
    return new PathStep(name, true, index, false);
  }

  boolean isEach() {
    return each;
  }

  boolean isElement() {
    return element;
  }

  /** The element, negative from the end; only for a step to an element. */
  int index() {
    return index;
  }

  /** The name of the member; null for a step that leads to no member. */
  @Nullable String name() {
    return name;
  }

  /** The name as UTF-8; not a copy. */
  byte[] utf8() {
    return utf8;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathStep step
        && Objects.equals(name, step.name)
        && element == step.element
        && index == step.index
        && each == step.each;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, element, index, each);
  }
}
