package io.millrace.cli.offline;

import io.millrace.cli.client.Lines;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A few lines that are there already. */
final class ListLines implements Lines {
  private final Iterator<String> lines;

  ListLines(Collection<String> lines) {
    this.lines = List.copyOf(lines).iterator();
  }

  @Override
  public @Nullable String next() {
    return lines.hasNext() ? lines.next() : null;
  }

  @Override
  public void close() {}
}
