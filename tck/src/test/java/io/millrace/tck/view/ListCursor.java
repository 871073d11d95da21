package io.millrace.tck.view;

import io.millrace.api.range.Cursor;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A walk over a list. */
final class ListCursor<T> implements Cursor<T> {
  private final Iterator<T> values;
  private @Nullable T current;

  ListCursor(List<T> values) {
    this.values = values.iterator();
  }

  @Override
  public boolean advance() {
    current = values.hasNext() ? values.next() : null;
    return current != null;
  }

  @Override
  public T current() {
    T present = current;
    if (present == null) {
      throw new IllegalStateException("not on a value");
    }
    return present;
  }

  @Override
  public void close() {}
}
