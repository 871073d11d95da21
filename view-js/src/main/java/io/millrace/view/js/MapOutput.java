package io.millrace.view.js;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.IndexRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code map.js} writes about a chunk: for each document lines of {@code +key} and
 * {@code value} for rows emitted, or {@code =value}, or {@code !message}; then {@code ;}. Keys,
 * values and messages are compact JSON, which has no line breaks. For one chunk.
 */
final class MapOutput {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final byte[] text;
  private int at;

  private MapOutput(String text) {
    this.text = text.getBytes(StandardCharsets.UTF_8);
  }

  /** The rows of the documents called {@code ids}, in the order of the ids. */
  static List<DocumentRows> read(String text, List<String> ids) {
    MapOutput output = new MapOutput(text);
    List<DocumentRows> documents = new ArrayList<>(ids.size());
    for (String id : ids) {
      documents.add(output.document(id));
    }
    if (output.at != output.text.length) {
      throw new InternalException("map-output", "more documents were mapped than were given");
    }
    return documents;
  }

  private DocumentRows document(String id) {
    List<IndexRow> rows = List.of();
    String error = null;
    while (text[at] != ';') {
      int kind = text[at];
      int start = at + 1;
      int end = lineEnd();
      if (error != null) {
        // The rest of a document that failed; a keyed row has a second line.
        at = kind == '+' ? lineEndFrom(at) + 1 : at;
        continue;
      }
      try {
        if (kind == '!') {
          error = message(start, end);
        } else if (kind == '=') {
          rows = List.of(IndexRow.valued(text, start, end));
        } else {
          int valueStart = at;
          int valueEnd = lineEnd();
          rows = rows.isEmpty() ? new ArrayList<>() : rows;
          rows.add(IndexRow.keyed(text, start, end, valueStart, valueEnd));
        }
      } catch (InvalidRequestException e) {
        error = e.getMessage();
      }
    }
    at += 2;
    return error == null ? DocumentRows.of(id, rows) : DocumentRows.failed(id, error);
  }

  /** The end of the line at hand, which is left behind. */
  private int lineEnd() {
    int end = lineEndFrom(at);
    at = end + 1;
    return end;
  }

  private int lineEndFrom(int start) {
    int end = start;
    while (text[end] != '\n') {
      end++;
    }
    return end;
  }

  private @Nullable String message(int start, int end) {
    try {
      String json = new String(text, start, end - start, StandardCharsets.UTF_8);
      return MAPPER.readValue(json, String.class);
    } catch (JsonProcessingException e) {
      throw new InternalException("map-output", "a message of a map function is no JSON", e);
    }
  }
}
