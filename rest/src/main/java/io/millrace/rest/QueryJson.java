package io.millrace.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.Queries;
import io.millrace.api.QueryInfo;
import io.millrace.api.error.InternalException;
import io.millrace.api.range.Cursor;
import io.millrace.api.view.DocumentError;
import io.millrace.rest.json.JsonWriter;
import java.util.Locale;

/** Definitions of queries and their state as clients see them. */
final class QueryJson {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  /** How many documents that could not be computed are shown of each query. */
  private static final int MOST_ERRORS = 100;

  private QueryJson() {}

  /** Writes what is known of a query as the next value. */
  static void write(JsonWriter json, Queries queries, QueryInfo info) {
    String name = info.definition().name();
    json.startObject();
    json.name("name").string(name);
    json.name("type").string(info.definition().type());
    if (info.definition().from() != null) {
      json.name("from").string(info.definition().from());
    }
    json.name("definition").json(bytes(info.definition().members()));
    json.name("state").string(state(info));
    json.name("sequence").number(info.sequence());
    json.name("rows").number(info.rows());
    json.name("bytes").number(info.bytes());
    json.name("error_count").number(info.errors());
    json.name("errors").startArray();
    if (info.errors() > 0) {
      writeErrors(json, queries, name);
    }
    json.endArray();
    if (info.failure() != null) {
      json.name("failure").string(info.failure());
    }
    json.name("methods").startObject();
    info.methods().forEach((method, kind) -> json.name(method).string(kind));
    json.endObject().endObject();
  }

  private static void writeErrors(JsonWriter json, Queries queries, String name) {
    try (Cursor<DocumentError> errors = queries.errors(name)) {
      for (int shown = 0; shown < MOST_ERRORS && errors.advance(); shown++) {
        DocumentError error = errors.current();
        json.startObject();
        json.name("id").string(error.id());
        json.name("message").string(error.message());
        json.endObject();
      }
    }
  }

  /** The word for what a query's view is doing. */
  static String state(QueryInfo info) {
    return info.state().name().toLowerCase(Locale.ROOT);
  }

  /** A tree as JSON. */
  static byte[] bytes(JsonNode tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new InternalException("unwritable-json", "a JSON tree could not be written", e);
    }
  }
}
