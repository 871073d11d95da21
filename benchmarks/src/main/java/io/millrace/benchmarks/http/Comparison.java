package io.millrace.benchmarks.http;

import java.util.List;

/**
 * Two loads that are measured in turn, because a figure on a busy machine means something only next
 * to another one of the same minute.
 *
 * @param name short and stable, the key in the results
 * @param title for people
 * @param subject what is measured
 * @param base what it is measured against
 */
record Comparison(String name, String title, Load subject, Load base) {
  /**
   * What wrk does.
   *
   * @param script the name of the Lua script
   * @param noOp whether the same requests go to the resource that does nothing
   */
  record Load(String script, boolean noOp) {}

  static final List<Comparison> REQUESTS =
      List.of(
          againstNoOp("put", "PUT of new documents"),
          againstNoOp("get", "GET of existing documents"),
          againstNoOp("batch", "POST of 100 documents"),
          againstNoOp("query", "query by term"),
          againstNoOp("activity", "activity, a page of 100"));

  static final Comparison SAME =
      new Comparison(
          "same",
          "updates of one document, next to new documents",
          new Load("put-same", false),
          new Load("put", false));

  static final Comparison BUCKETS =
      new Comparison(
          "buckets",
          "PUT over many buckets, next to one bucket",
          new Load("put-buckets", false),
          new Load("put", false));

  private static Comparison againstNoOp(String name, String title) {
    return new Comparison(name, title, new Load(name, false), new Load(name, true));
  }
}
