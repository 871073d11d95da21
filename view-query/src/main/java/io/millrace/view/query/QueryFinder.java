package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Documents;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.spi.Finder;
import java.util.List;
import java.util.Set;

/**
 * Answers questions in the language of this type's views from whatever index a bucket has. An index
 * is called as its query is, or, when that has several, {@code query/index}.
 */
final class QueryFinder implements Finder {
  private final QueryLimits limits;

  QueryFinder(QueryLimits limits) {
    this.limits = limits;
  }

  @Override
  public Set<String> parameters() {
    return Question.PARAMETERS;
  }

  @Override
  public Cursor<Row> find(
      ViewArguments question, List<Candidate> candidates, Documents documents, StoreReader reader) {
    Plan plan = Plan.of(Question.of(question), options(candidates), reader);
    return new Reading(documents, reader, limits).open(plan, null);
  }

  @Override
  public JsonNode explain(ViewArguments question, List<Candidate> candidates, StoreReader reader) {
    return Plan.of(Question.of(question), options(candidates), reader)
        .explain(limits.countedRows(), reader);
  }

  private static List<IndexOption> options(List<Candidate> candidates) {
    return candidates.stream().map(QueryFinder::option).toList();
  }

  private static IndexOption option(Candidate candidate) {
    String index = candidate.index().name();
    String name = index.isEmpty() ? candidate.query() : candidate.query() + "/" + index;
    return IndexOption.of(name, candidate.index(), null, true);
  }
}
