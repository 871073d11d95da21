package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Documents;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import java.util.List;
import java.util.Set;

/**
 * Answers questions about a bucket that were not defined before, from whatever index fits, or from
 * all documents.
 *
 * <p>Safe for use by many threads.
 */
public interface Finder {
  /** The names of the parameters that a question may have. */
  Set<String> parameters();

  /**
   * The answer. The values of the rows are what was asked for; nothing is gathered that the
   * question does not need as a whole.
   *
   * @param reader stays valid until the cursor is closed
   * @throws io.millrace.api.error.InvalidRequestException when the question makes no sense; the
   *     message names the parameter and the place
   */
  Cursor<Row> find(
      ViewArguments question, List<Candidate> candidates, Documents documents, StoreReader reader);

  /**
   * How {@link #find} would answer: what it would read, and how good each candidate would be.
   *
   * @throws io.millrace.api.error.InvalidRequestException as {@link #find}
   */
  JsonNode explain(ViewArguments question, List<Candidate> candidates, StoreReader reader);

  /**
   * An index that may be used; it is as fresh as the question asks.
   *
   * @param query the name of the query that it belongs to
   */
  record Candidate(String query, PathIndex index) {}
}
