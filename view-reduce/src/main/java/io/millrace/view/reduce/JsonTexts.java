package io.millrace.view.reduce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.error.InternalException;

/** Reads JSON that this module wrote. */
final class JsonTexts {
  /** Keeps numbers exactly. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonTexts() {}

  static JsonNode read(String text) {
    try {
      JsonNode value = MAPPER.readTree(text);
      if (value.isMissingNode()) {
        throw new InternalException("unreadable-json", "what a view computed is nothing");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new InternalException("unreadable-json", "what a view computed is no JSON", e);
    }
  }
}
