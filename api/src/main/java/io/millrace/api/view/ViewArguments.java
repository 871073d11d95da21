package io.millrace.api.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.error.InvalidRequestException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The named arguments of a call to a view.
 *
 * <p>Arguments come from a query string, where each is a text that may be read as JSON, or from a
 * JSON object. Immutable.
 */
public final class ViewArguments {
  /** The longest string that is looked at without the parser, which has limits of its own. */
  private static final int MOST_PLAIN = 1_000;

  private static final ViewArguments NONE = new ViewArguments(Map.of(), Map.of());
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Map<String, String> texts;
  private final Map<String, JsonNode> values;

  private ViewArguments(Map<String, String> texts, Map<String, JsonNode> values) {
    this.texts = texts;
    this.values = values;
  }

  /** No arguments. */
  public static ViewArguments none() {
    return NONE;
  }

  /** Arguments of a query string. */
  public static ViewArguments ofTexts(Map<String, String> texts) {
    return new ViewArguments(Map.copyOf(texts), Map.of());
  }

  /** Arguments of a JSON object. */
  public static ViewArguments ofValues(Map<String, JsonNode> values) {
    return new ViewArguments(Map.of(), Map.copyOf(values));
  }

  /** These arguments and one more, which replaces one of the same name. */
  public ViewArguments with(String name, String text) {
    Map<String, String> more = new HashMap<>(texts);
    Map<String, JsonNode> fewer = new HashMap<>(values);
    more.put(name, text);
    fewer.remove(name);
    return new ViewArguments(Map.copyOf(more), Map.copyOf(fewer));
  }

  /** The names given. */
  public Set<String> names() {
    if (values.isEmpty()) {
      return texts.keySet();
    }
    return texts.isEmpty() ? values.keySet() : union();
  }

  private Set<String> union() {
    Map<String, Object> all = new HashMap<>(values);
    all.putAll(texts);
    return Set.copyOf(all.keySet());
  }

  /** Whether {@code name} was given. */
  public boolean has(String name) {
    return texts.containsKey(name) || values.containsKey(name);
  }

  /**
   * The argument as JSON; null when it was not given.
   *
   * @throws InvalidRequestException when its text is no JSON
   */
  public @Nullable JsonNode json(String name) {
    String text = texts.get(name);
    if (text == null) {
      return values.get(name);
    }
    if (isPlainString(text)) {
      return TextNode.valueOf(text.substring(1, text.length() - 1));
    }
    try {
      JsonNode value = MAPPER.readTree(text);
      if (value.isMissingNode()) {
        throw refused(name, "is empty; JSON is needed, for example %22word%22 or 42");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw refused(
          name, "is not JSON (a string needs its quotation marks): " + e.getOriginalMessage());
    } catch (NumberFormatException e) {
      throw refused(name, "has a number whose exponent is too large");
    }
  }

  /** Whether {@code text} is a JSON string of ASCII in which nothing is escaped; most keys are. */
  private static boolean isPlainString(String text) {
    int end = text.length() - 1;
    if (end < 1 || end > MOST_PLAIN || text.charAt(0) != '"' || text.charAt(end) != '"') {
      return false;
    }
    for (int i = 1; i < end; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /**
   * The argument as plain text, a JSON string without its quotation marks; null when it was not
   * given.
   */
  public @Nullable String text(String name) {
    String text = texts.get(name);
    if (text != null) {
      return text;
    }
    JsonNode value = values.get(name);
    if (value == null) {
      return null;
    }
    return value instanceof TextNode string ? string.textValue() : value.toString();
  }

  /**
   * The argument as a whole number of 0 or more; {@code absent} when it was not given.
   *
   * @throws InvalidRequestException when it is no such number
   */
  public long count(String name, long absent) {
    String text = text(name);
    if (text == null) {
      return absent;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw refused(name, "must be a whole number of 0 or more, not " + text);
  }

  /**
   * The argument as yes or no; no when it was not given.
   *
   * @throws InvalidRequestException when it is neither {@code true} nor {@code false}
   */
  public boolean flag(String name) {
    String text = text(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw refused(name, "must be true or false, not " + text);
  }

  private static InvalidRequestException refused(String name, String reason) {
    return new InvalidRequestException("invalid-parameter", "parameter '" + name + "' " + reason);
  }
}
