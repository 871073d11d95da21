package io.millrace.view.index.path;

import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;

/** Opens views of the type {@code index}, which share nothing. */
final class IndexViewFactory implements ViewFactory {
  @Override
  public void validate(ViewDefinition definition) {
    IndexDefinition.of(definition);
  }

  @Override
  public View open(ViewDefinition definition, ViewContext context) {
    return new IndexView(IndexDefinition.of(definition), context);
  }

  @Override
  public void close() {
    // No threads, no files.
  }
}
