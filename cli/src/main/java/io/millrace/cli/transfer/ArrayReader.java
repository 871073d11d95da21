package io.millrace.cli.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.cli.client.Json;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Reads the objects of one JSON array; numbers keep their digits. */
final class ArrayReader implements DocumentReader {
  private final JsonParser parser;
  private boolean begun;
  private boolean ended;
  private long line;

  ArrayReader(Reader reader) throws IOException {
    this.parser = Json.mapper().getFactory().createParser(reader);
  }

  @Override
  public @Nullable String next() throws IOException {
    if (ended) {
      return null;
    }
    try {
      if (!begun) {
        begun = true;
        if (parser.nextToken() != JsonToken.START_ARRAY) {
          throw new InvalidRequestException(
              "not-an-array",
              "the file is no JSON array; --format=ndjson reads one document a line");
        }
      }
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        ended = true;
        if (parser.nextToken() != null) {
          throw new InvalidRequestException(
              "malformed-json", "something follows the array in line " + here());
        }
        return null;
      }
      line = here();
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new InvalidRequestException(
            "not-an-object", "what begins in line " + line + " of the file is no object");
      }
      return document();
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException(
          "malformed-json", "line " + here() + " is not JSON: " + e.getOriginalMessage());
    }
  }

  private String document() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = Json.mapper().getFactory().createGenerator(text)) {
      int depth = 0;
      do {
        JsonToken token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        Json.copy(parser, generator);
      } while (depth > 0 && parser.nextToken() != null);
    }
    return text.toString();
  }

  private int here() {
    return parser.currentLocation().getLineNr();
  }

  @Override
  public long line() {
    return line;
  }
}
