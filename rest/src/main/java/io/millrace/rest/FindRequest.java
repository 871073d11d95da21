package io.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.JsonText;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.ViewArguments;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A question to a bucket: the arguments of the view module that answers, and what the server itself
 * looks after.
 *
 * @param limit the most results
 * @param explain whether it is only said how the question would be answered
 */
record FindRequest(ViewArguments question, Consistency consistency, long limit, boolean explain) {
  private static final Set<String> OWN =
      Set.of("consistency", "at_least", "timeout", "limit", "explain");

  /** Reads a JSON object; what it lacks of the server's own may stand in the query string. */
  static FindRequest of(JsonText body, Parameters parameters) {
    if (!body.isObject()) {
      throw Problem.of(422, "not-an-object", "a question is a JSON object").exception();
    }
    Map<String, JsonNode> values = new HashMap<>();
    Map<String, String> own = new HashMap<>();
    for (JsonText.Member member : body.members()) {
      JsonNode value = QueryRequest.tree(member.value());
      if (OWN.contains(member.name())) {
        own.put(member.name(), value.asText());
      } else {
        values.put(member.name(), value);
      }
    }
    ViewArguments question = ViewArguments.ofValues(values);
    for (String name : parameters.names()) {
      if (!OWN.contains(name)) {
        question = question.with(name, String.valueOf(parameters.text(name)));
      }
    }
    Parameters all = parameters.or(own);
    return new FindRequest(
        question,
        QueryRequest.consistency(all),
        all.count("limit", Long.MAX_VALUE),
        all.flag("explain", false));
  }
}
