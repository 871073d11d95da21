package io.millrace.view.query;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a later read goes on. As a position, a JSON object; clients see it in base64url and do not
 * look into it.
 */
sealed interface Place {
  /** The index that it belongs to, or {@link Question#NO_INDEX}; null when it does not matter. */
  @Nullable String index();

  /**
   * Behind a row of an index.
   *
   * @param key the values that the row lies at
   * @param id the document of the row
   */
  record InIndex(String index, JsonNode key, String id) implements Place {}

  /** Behind a document that could not be indexed; such documents come behind all rows. */
  record BehindIndex(String index, String id) implements Place {}

  /** Behind a document, when all are looked at. */
  record AtDocument(String id) implements Place {
    @Override
    public String index() {
      return Question.NO_INDEX;
    }
  }

  /** Behind so many results, when they are computed anew. */
  record Counted(long results) implements Place {
    @Override
    public @Nullable String index() {
      return null;
    }
  }

  ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  byte[] KEY = ",\"key\":".getBytes(StandardCharsets.UTF_8);

  /** Reads what clients see. */
  static @Nullable Place parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      JsonNode place = MAPPER.readTree(Base64.getUrlDecoder().decode(text));
      if (place.path("count").canConvertToLong() && place.path("count").asLong() > 0) {
        return new Counted(place.path("count").longValue());
      }
      String index = place.path("index").textValue();
      String id = place.path("id").textValue();
      JsonNode key = place.get("key");
      if (id != null) {
        return index == null
            ? new AtDocument(id)
            : key == null ? new BehindIndex(index, id) : new InIndex(index, key, id);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Falls through to the one message.
    }
    throw Refused.parameter("after", "is not a position that 'next' named");
  }

  /**
   * @param key JSON
   */
  static byte[] inIndex(String index, byte[] key, String id) {
    String text = "{\"index\":" + TextNode.valueOf(index) + ",\"id\":" + TextNode.valueOf(id);
    byte[] start = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream place =
        new ByteArrayOutputStream(start.length + KEY.length + key.length + 1);
    place.writeBytes(start);
    place.writeBytes(KEY);
    place.writeBytes(key);
    place.write('}');
    return place.toByteArray();
  }

  static byte[] behindIndex(String index, String id) {
    return bytes(JsonNodeFactory.instance.objectNode().put("index", index).put("id", id));
  }

  static byte[] atDocument(String id) {
    return bytes(JsonNodeFactory.instance.objectNode().put("id", id));
  }

  static byte[] counted(long results) {
    return bytes(JsonNodeFactory.instance.objectNode().put("count", results));
  }

  private static byte[] bytes(JsonNode place) {
    return place.toString().getBytes(StandardCharsets.UTF_8);
  }
}
