package io.millrace.view.index.path;

import io.millrace.api.document.Body;
import io.millrace.spi.ViewProvider;
import io.millrace.tck.view.RandomBodies;
import io.millrace.tck.view.ViewExample;
import io.millrace.tck.view.ViewTck;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Indexes keep the contract of views. */
final class IndexViewTckTest extends ViewTck {
  /** Its key would be too long. */
  private static final String TOO_LONG = "{\"a\":\"" + "x".repeat(70_000) + "\"}";

  @Override
  protected ViewProvider provider() {
    return new IndexViewProvider();
  }

  @Override
  protected List<ViewExample> examples() {
    return List.of(
        ViewExample.of("{\"key\":\"a\"}")
            .asking("count")
            .asking("count", "prefix", "\"a\"")
            .asking("get", "key", "1.0")
            .asking("rows", "keys", "[\"b\",\"a\",1]")
            .refusing("term", "rows", "term", "1", "start", "1")
            .failing(TOO_LONG),
        ViewExample.of("{\"key\":[\"b\",\"a\",\"id\"],\"value\":{\"x\":\"c\",\"rev\":\"rev\"}}")
            .asking("rows", "prefix", "[\"a\"]")
            .asking("count", "start", "[1]", "end", "[\"b\"]")
            .failing(TOO_LONG.replace("}", ",\"b\":1}")),
        ViewExample.of(
                "{\"key\":[\"d.*\",\"a\"],\"value\":\"d.*\",\"missing\":\"null\","
                    + "\"where\":{\"c\":{\"$ne\":null}}}")
            .asking("rows", "term", "[null,1]"),
        ViewExample.of("{\"key\":[\"e.a.*\"],\"value\":\"a\"}"),
        ViewExample.of("{\"key\":[\"a\",\"b\"],\"reduce\":\"count\"}")
            .asking("rows", "group", "true")
            .asking("rows", "level", "1")
            .asking("rows", "reduce", "false")
            .asking("rows", "start", "[1]")
            .asking("count")
            .ranging("rows", "group", "true")
            .ranging("rows", "reduce", "false")
            .countingOtherRows(),
        ViewExample.of("{\"key\":\"rows.*.key\",\"value\":\"rows.*.value\"}")
            .from("other")
            .documents(IndexViewTckTest::rows));
  }

  /** What another query gives: rows with keys and values. */
  private static Body rows(Random random) {
    StringBuilder json = new StringBuilder("{\"rows\":[");
    for (int i = random.nextInt(4); i > 0; i--) {
      String value = new String(RandomBodies.next(random).json(), StandardCharsets.UTF_8);
      json.append("{\"key\":").append(random.nextInt(9)).append(",\"value\":").append(value);
      json.append(i > 1 ? "}," : "}");
    }
    return Body.parse(json + "]}");
  }

  @Override
  protected List<String> refused() {
    return List.of(
        "{}", "{\"key\":[]}", "{\"key\":\"a..b\"}", "{\"key\":\"a\",\"where\":{\"$no\":1}}");
  }
}
