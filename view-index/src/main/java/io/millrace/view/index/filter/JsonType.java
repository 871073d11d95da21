package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What kind of value something is, as {@code $is} and {@code $type} name it. */
public enum JsonType {
  /** Nothing is there. */
  UNDEFINED,
  /** null. */
  NULL,
  /** false or true. */
  BOOLEAN,
  /** A number. */
  NUMBER,
  /** A string. */
  STRING,
  /** An array. */
  ARRAY,
  /** An object. */
  OBJECT;

  /** The kind of {@code value}. */
  public static JsonType of(JsonNode value) {
    return switch (value.getNodeType()) {
      case MISSING -> UNDEFINED;
      case NULL -> NULL;
      case BOOLEAN -> BOOLEAN;
      case NUMBER -> NUMBER;
      case STRING -> STRING;
      case ARRAY -> ARRAY;
      case OBJECT -> OBJECT;
      case BINARY, POJO ->
          throw new IllegalArgumentException("not a JSON value: " + value.getNodeType());
    };
  }

  /** The kind with this name; null when there is none. */
  static @Nullable JsonType named(String name) {
    return Arrays.stream(values())
        .filter(type -> type.toString().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** The name, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
