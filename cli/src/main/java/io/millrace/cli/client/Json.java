package io.millrace.cli.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** JSON texts and trees; numbers keep their digits. */
public final class Json {
  private static final int MAX_NUMBER_LENGTH = 10_000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  /** What reads and writes trees. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** What an endpoint said. */
  public static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException("not-millrace", "the answer is no JSON", e);
    }
  }

  /**
   * What a user wrote.
   *
   * @param what for the message: what the text should have been
   * @throws InvalidRequestException when it is no JSON
   */
  public static JsonNode given(String text, String what) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException(
          "malformed-json", what + " is not JSON: " + e.getOriginalMessage() + place(e));
    }
    if (tree.isMissingNode()) {
      throw new InvalidRequestException("malformed-json", what + " is empty");
    }
    return tree;
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : ", at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  /** The object without the members called so; everything else as it is written there. */
  public static String without(String text, Set<String> names) {
    StringJoiner kept = new StringJoiner(",", "{", "}");
    rawMembers(text)
        .forEach(
            (name, member) -> {
              if (!names.contains(name)) {
                kept.add(member);
              }
            });
    return kept.toString();
  }

  /** The texts of the values of an object's members, by their names and in their order. */
  public static Map<String, String> values(String text) {
    Map<String, String> values = rawMembers(text);
    values.replaceAll(
        (name, member) -> member.substring(endOfName(member)).stripLeading().substring(1).strip());
    return values;
  }

  private static int endOfName(String member) {
    int end = 1;
    while (member.charAt(end) != '"') {
      end += member.charAt(end) == '\\' ? 2 : 1;
    }
    return end + 1;
  }

  /** Names with their values, as written. */
  private static Map<String, String> rawMembers(String text) {
    Map<String, String> members = new LinkedHashMap<>();
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidRequestException("not-an-object", "this is no JSON object");
      }
      String name = null;
      int start = 0;
      while (true) {
        JsonToken token = parser.nextToken();
        int here = (int) parser.currentTokenLocation().getCharOffset();
        if (name != null) {
          String member = text.substring(start, here).strip();
          members.put(
              name,
              token == JsonToken.FIELD_NAME
                  ? member.substring(0, member.length() - 1).strip()
                  : member);
        }
        if (token != JsonToken.FIELD_NAME) {
          return members;
        }
        name = parser.currentName();
        start = here;
        parser.nextToken();
        parser.skipChildren();
      }
    } catch (IOException e) {
      throw new InvalidRequestException("malformed-json", "this is not JSON", e);
    }
  }

  /** Copies one token; numbers keep their digits. */
  public static void copy(JsonParser parser, JsonGenerator generator) throws IOException {
    if (parser.currentToken().isNumeric()) {
      generator.writeNumber(parser.getText());
    } else {
      generator.copyCurrentEvent(parser);
    }
  }

  /** The same JSON over several lines, for reading; numbers and order of members as they are. */
  public static String pretty(String text) {
    StringWriter written = new StringWriter(2 * text.length());
    try (JsonParser parser = MAPPER.getFactory().createParser(text);
        JsonGenerator generator =
            MAPPER.getFactory().createGenerator(written).useDefaultPrettyPrinter()) {
      while (parser.nextToken() != null) {
        copy(parser, generator);
      }
    } catch (IOException e) {
      throw new InternalException("unreadable-json", "an answer could not be laid out", e);
    }
    return written.toString();
  }
}
