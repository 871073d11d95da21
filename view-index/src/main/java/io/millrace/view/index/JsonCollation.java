package io.millrace.view.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The order over JSON values, as bytes: two values stand in the order of their encodings, compared
 * as unsigned bytes.
 *
 * <p>null, false, true, numbers, strings, arrays, objects. Numbers are compared by their exact
 * value, whatever their size and precision: 1, 1.0 and 1e0 are equal. Strings are compared by code
 * point; a surrogate without its partner counts as a code point. Arrays are compared element by
 * element, the shorter first. Objects are compared as the array of their names and values in the
 * order of the names, so the order of members does not matter.
 *
 * <p>Equal values have equal encodings, and no encoding is the beginning of another one, so that
 * whatever follows an encoding in a key does not disturb the order. The bytes are described in
 * {@code docs/formats/row-keys.md}.
 *
 * <p><b>Limits.</b> An encoding has at most {@value #MAX_BYTES} bytes, values are nested at most
 * {@value #MAX_DEPTH} deep, and the exponent of a number has at most 18 digits. What exceeds them
 * is refused with an {@link InvalidRequestException}. Strings are as long in the encoding as in
 * UTF-8.
 */
public final class JsonCollation {
  /** The most bytes that an encoding has. */
  public static final int MAX_BYTES = 65_000;

  /** How deep arrays and objects may be nested. */
  public static final int MAX_DEPTH = 500;

  private JsonCollation() {}

  /**
   * The encoding of a value.
   *
   * @param json compact JSON, checked before
   */
  public static byte[] encode(byte[] json) {
    return encode(json, 0, json.length);
  }

  /**
   * The encoding of the value that stands in {@code json} from {@code start} to {@code end}.
   *
   * @param json holds compact JSON, checked before
   */
  public static byte[] encode(byte[] json, int start, int end) {
    return new CollationEncoder(json, start, end).encode();
  }

  /** The encoding of a value. */
  public static byte[] encode(JsonNode value) {
    if (value instanceof TextNode string) {
      byte[] encoded = CollationEncoder.ofPlain(string.textValue());
      if (encoded != null) {
        return encoded;
      }
    }
    return encode(text(value));
  }

  /**
   * What the encodings of all strings that begin with this string, or of all arrays that begin with
   * the elements of this array, begin with.
   *
   * @param value a string or an array
   */
  static byte[] prefix(JsonNode value) {
    byte[] whole = encode(value);
    // A string and an array end with their one-byte terminator.
    return Arrays.copyOf(whole, whole.length - 1);
  }

  /** The value as JSON; a surrogate without its partner, which UTF-8 cannot hold, as an escape. */
  private static byte[] text(JsonNode value) {
    String json = value.toString();
    for (int i = 0; i < json.length(); i++) {
      if (Character.isSurrogate(json.charAt(i))) {
        return escaped(json).getBytes(StandardCharsets.UTF_8);
      }
    }
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String escaped(String json) {
    StringBuilder escaped = new StringBuilder(json.length() + 16);
    json.codePoints()
        .forEach(
            point -> {
              if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                escaped.append("\\u").append(Integer.toHexString(point));
              } else {
                escaped.appendCodePoint(point);
              }
            });
    return escaped.toString();
  }
}
