package io.millrace.view.reduce;

import io.millrace.spi.ViewProvider;
import io.millrace.tck.view.ViewExample;
import io.millrace.tck.view.ViewTck;
import java.util.List;

/** Folds and aggregates keep the contract of views. */
final class ReduceViewTckTest extends ViewTck {
  private static final String TOO_LONG = "{\"a\":\"" + "x".repeat(70_000) + "\"}";

  @Override
  protected ViewProvider provider() {
    return new ReduceViewProvider();
  }

  @Override
  protected List<ViewExample> examples() {
    return List.of(
        ViewExample.of(
                "{\"group\":\"a\",\"aggregates\":{\"n\":\"count\",\"total\":{\"sum\":\"b\"},"
                    + "\"least\":{\"min\":\"c\"},\"most\":{\"max\":\"c\"}}}")
            .asking("get", "key", "1")
            .asking("get", "key", "\"nobody\"")
            .asking("count")
            .asking("count", "prefix", "\"a\"")
            .failing(TOO_LONG),
        ViewExample.of(
                "{\"group\":[\"a\",\"b\"],\"where\":{\"c\":{\"$ne\":1}},\"aggregates\":{"
                    + "\"all\":{\"stats\":\"c\"},\"few\":{\"distinct\":\"d\"},"
                    + "\"list\":{\"collect\":\"c\"}}}")
            .asking("rows", "prefix", "[1]"),
        ViewExample.of("{\"aggregates\":{\"n\":\"count\",\"list\":{\"collect\":\"d.*\"}}}")
            .asking("get"),
        ViewExample.of(
                "{\"fold\":\"function(acc, change){ if (change.document && change.document.a === 'bad')"
                    + " throw 'bad'; return acc + 1 }\",\"initial\":0}")
            .asking("get")
            .asking("value")
            .asking("stream")
            .failing("{\"a\":\"bad\"}"));
  }

  @Override
  protected List<String> refused() {
    return List.of(
        "{}",
        "{\"aggregates\":{}}",
        "{\"aggregates\":{\"n\":\"most\"}}",
        "{\"group\":[],\"aggregates\":{\"n\":\"count\"}}",
        "{\"fold\":\"function(\",\"initial\":0}",
        "{\"fold\":\"acc => acc\"}",
        "{\"fold\":\"acc => acc\",\"initial\":0,\"aggregates\":{\"n\":\"count\"}}");
  }
}
