package io.millrace.spi;

import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import org.jspecify.annotations.Nullable;

/**
 * An open view module: what all views of its type in one database share, threads and compilers for
 * example.
 *
 * <p>One view is opened for each build of each definition. Safe for use by many threads. {@link
 * #close} is called once, after all its views are closed.
 */
public interface ViewFactory extends AutoCloseable {
  /**
   * Checks a definition before it is written; it must be possible to {@link #open} whatever passes.
   *
   * @throws io.millrace.api.view.InvalidDefinitionException when the definition is refused, with
   *     the place and the reason
   */
  void validate(ViewDefinition definition);

  /**
   * Opens the view that {@code definition} describes, on the rows in the keyspace of {@code
   * context}: none for a new build.
   */
  View open(ViewDefinition definition, ViewContext context);

  /** What answers questions that were not defined before; null when this module does not. */
  default @Nullable Finder finder() {
    return null;
  }

  @Override
  void close();
}
