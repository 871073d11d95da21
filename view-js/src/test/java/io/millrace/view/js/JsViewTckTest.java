package io.millrace.view.js;

import io.millrace.spi.ViewProvider;
import io.millrace.tck.view.ViewExample;
import io.millrace.tck.view.ViewTck;
import java.util.List;

/** JavaScript views keep the contract of views. */
final class JsViewTckTest extends ViewTck {
  @Override
  protected ViewProvider provider() {
    return new JsViewProvider();
  }

  @Override
  protected List<ViewExample> examples() {
    return List.of(
        ViewExample.of("{\"map\":\"doc => { if (doc.a === 'bad') throw 'bad'; return doc.a }\"}")
            .asking("count")
            .asking("count", "start", "\"a\"")
            .asking("rows", "term", "\"a\"")
            .refusing("term", "rows", "term", "1", "prefix", "\"a\"")
            .failing("{\"a\":\"bad\"}"),
        ViewExample.of(
                "{\"map\":\"function(doc){ emit([doc.a, doc.b], doc.c);"
                    + " (doc.d.length > 2 ? doc.d : []).forEach(one => emit(one, null)) }\"}")
            .asking("rows", "prefix", "[\"a\"]")
            .failing("{\"a\":1,\"d\":null}"),
        ViewExample.of(
                "{\"map\":\"function(doc){ emit([doc.a, doc.b], Math.round(doc.c) || 1) }\","
                    + "\"reduce\":\"sum\"}")
            .asking("rows", "group", "true")
            .asking("rows", "level", "1", "start", "[\"a\"]")
            .asking("rows", "reduce", "false", "reverse", "true")
            .refusing("level", "rows", "level", "-1")
            .ranging("rows", "group", "true")
            .ranging("rows", "reduce", "false")
            .countingOtherRows(),
        ViewExample.of(
                "{\"map\":\"doc => doc.b\",\"reduce\":\"function(keys, values, rereduce){"
                    + " return rereduce ? sum(values) : values.length }\"}")
            .asking("rows", "group", "true")
            .ranging("rows", "group", "true")
            .countingOtherRows());
  }

  @Override
  protected List<String> refused() {
    return List.of(
        "{}",
        "{\"map\":7}",
        "{\"map\":\"function(\"}",
        "{\"map\":\"doc => 1\",\"reduce\":\"most\"}",
        "{\"map\":\"doc => 1\",\"reduce\":\"function(\"}");
  }
}
