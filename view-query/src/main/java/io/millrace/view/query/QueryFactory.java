package io.millrace.view.query;

import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.Finder;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.view.index.RowIndex;

/** Opens the views of this type; they share nothing but limits. */
final class QueryFactory implements ViewFactory {
  private final QueryLimits limits;

  QueryFactory(QueryLimits limits) {
    this.limits = limits;
  }

  @Override
  public void validate(ViewDefinition definition) {
    QueryDefinition.of(definition);
  }

  @Override
  public View open(ViewDefinition definition, ViewContext context) {
    return new QueryView(
        QueryDefinition.of(definition), new RowIndex(context), context.documents(), limits);
  }

  @Override
  public Finder finder() {
    return new QueryFinder(limits);
  }

  @Override
  public void close() {
    // No threads, no files.
  }
}
