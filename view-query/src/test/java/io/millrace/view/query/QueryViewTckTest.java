package io.millrace.view.query;

import io.millrace.spi.ViewProvider;
import io.millrace.tck.view.ViewExample;
import io.millrace.tck.view.ViewTck;
import java.util.List;

/** Query views keep the contract of views. */
final class QueryViewTckTest extends ViewTck {
  private static final String TOO_LONG = "{\"a\":\"" + "x".repeat(70_000) + "\"}";

  @Override
  protected ViewProvider provider() {
    return new QueryViewProvider();
  }

  @Override
  protected List<ViewExample> examples() {
    return List.of(
        ViewExample.of("{\"indexes\":[{\"name\":\"a\",\"key\":[\"a\"]}]}")
            .asking("read", "query", "[{\"$filter\":{\"a\":1}}]")
            .asking("read", "query", "[{\"$filter\":{\"a\":{\"$gt\":\"a\"}}}]", "reverse", "true")
            .asking("read", "query", "[{\"$filter\":{\"b\":\"a\"}},{\"$map\":[\"c\"]}]")
            .asking("explain", "query", "[{\"$filter\":{\"a\":1}}]")
            .refusing("query", "read", "query", "[{\"$no\":1}]")
            .refusing("query", "rows", "query", "7")
            .refusing("index", "read", "index", "nobody")
            .failing(TOO_LONG)
            .findingFailedDocuments()
            .countingOtherRows(),
        ViewExample.of(
                "{\"indexes\":[{\"name\":\"ab\",\"key\":[\"a\",\"b\"]},"
                    + "{\"name\":\"c\",\"key\":[\"c\"],\"where\":{\"a\":{\"$is\":\"string\"}}}]}")
            .asking("read", "query", "[{\"$filter\":{\"a\":1,\"b\":{\"$gte\":0}}}]")
            .asking(
                "read",
                "query",
                "[{\"$filter\":{\"a\":{\"$is\":\"string\"},\"c\":{\"$lt\":\"b\"}}}]")
            .asking("read", "query", "[{\"$reduce\":{\"a\":\"a\",\"n\":{\"$count\":true}}}]")
            .asking("read", "query", "[{\"$filter\":{\"b\":1}},{\"$sort\":[[\"a\"]]}]")
            .asking(
                "rows",
                "query",
                "[{\"$filter\":{\"a\":{\"$gt\":0},\"b\":{\"$is\":\"string\"}}}]",
                "index",
                "ab")
            .countingOtherRows());
  }

  @Override
  protected List<String> refused() {
    return List.of(
        "{}",
        "{\"indexes\":[]}",
        "{\"indexes\":[{\"name\":\"a\",\"key\":[]}]}",
        "{\"indexes\":[{\"name\":\"a\",\"key\":[\"a\"]},{\"name\":\"a\",\"key\":[\"b\"]}]}",
        "{\"indexes\":[{\"name\":\"a\",\"key\":[\"a.*\"]}]}");
  }
}
