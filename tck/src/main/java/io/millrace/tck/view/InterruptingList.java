package io.millrace.tck.view;

import java.util.AbstractList;
import java.util.List;

/** A list that interrupts whoever looks at an element in its middle, once. */
final class InterruptingList<T> extends AbstractList<T> {
  private final List<T> elements;
  private boolean done;

  InterruptingList(List<T> elements) {
    this.elements = elements;
  }

  @Override
  public T get(int index) {
    if (!done && index >= elements.size() / 2) {
      done = true;
      Thread.currentThread().interrupt();
    }
    return elements.get(index);
  }

  @Override
  public int size() {
    return elements.size();
  }
}
