package io.millrace.view.js;

import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.Meters;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.view.index.RowIndex;
import io.millrace.view.index.reduce.ReducedRows;
import io.millrace.view.script.ScriptPool;

/** The threads and sandboxes that all JavaScript views of a database share. */
final class JsViewFactory implements ViewFactory {
  private final JsLimits limits;
  private final ScriptPool pool;

  JsViewFactory(JsLimits limits, Meters meters) {
    this.limits = limits;
    this.pool = new ScriptPool("js", limits.script(), meters);
  }

  @Override
  public View open(ViewDefinition definition, ViewContext context) {
    RowIndex index = new RowIndex(context);
    ReduceSource reduce = ReduceSource.of(definition);
    ReducedRows reduced =
        reduce == null ? null : new ReducedRows(context, index, reduce.reducer(pool));
    return new JsView(pool, MapSource.of(definition).script(limits), index, reduced);
  }

  @Override
  public void validate(ViewDefinition definition) {
    MapSource map = MapSource.of(definition);
    ReduceSource reduce = ReduceSource.of(definition);
    pool.check(map.script(limits), "map");
    if (reduce != null) {
      reduce.check(pool);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
