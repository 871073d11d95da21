package io.millrace.rest.http;

import io.millrace.api.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The segments of a path: percent-decoded, and protected from what servers and routers do to paths.
 *
 * <p>Routers resolve {@code .} and {@code ..} (also as {@code %2E}), cut a segment at {@code ;} and
 * merge slashes. All of these may stand in a document's id. A segment in danger is therefore
 * replaced, before routing, by a control character and the hexadecimal digits of its text; since no
 * name holds control characters, such a segment cannot be mistaken.
 */
public final class PathSegments {
  private static final String MARK = "%01";
  private static final HexFormat HEX = HexFormat.of();

  private PathSegments() {}

  /** Whether {@code rawPath} has to be {@linkplain #protect protected} before it is routed. */
  static boolean endangered(String rawPath) {
    int length = rawPath.length();
    for (int i = 0; i < length; i++) {
      char c = rawPath.charAt(i);
      if (c == ';' || c >= 0x80) {
        return true;
      }
      if (c == '%' && suspicious(rawPath, i)) {
        return true;
      }
      if (c == '/' && i + 1 < length) {
        char next = rawPath.charAt(i + 1);
        if (next == '/' || next == '.') {
          return true;
        }
      }
    }
    return false;
  }

  /** A dot, the mark, or no escape at all. */
  private static boolean suspicious(String path, int percent) {
    if (percent + 2 >= path.length()) {
      return true;
    }
    char high = path.charAt(percent + 1);
    char low = path.charAt(percent + 2);
    return high == '2' && (low == 'e' || low == 'E')
        || high == '0' && low == '1'
        || Character.digit(high, 16) < 0
        || Character.digit(low, 16) < 0;
  }

  /** The same path with every segment in danger replaced. */
  static String protect(String rawPath) {
    StringBuilder path = new StringBuilder(rawPath.length() + 16);
    int start = 1;
    while (start <= rawPath.length()) {
      int slash = rawPath.indexOf('/', start);
      int end = slash < 0 ? rawPath.length() : slash;
      String segment = rawPath.substring(start, end);
      path.append('/');
      boolean last = slash < 0;
      if (segment.isEmpty() && last) {
        break;
      }
      if (segment.isEmpty() || endangeredSegment(segment)) {
        path.append(MARK).append(HEX.formatHex(bytes(segment)));
      } else {
        path.append(segment);
      }
      start = end + 1;
    }
    return path.toString();
  }

  private static boolean endangeredSegment(String segment) {
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == ';' || c >= 0x80 || c == '%' && suspicious(segment, i)) {
        return true;
      }
    }
    return segment.equals(".") || segment.equals("..");
  }

  /**
   * The text of a segment as it came from routing; the segment itself when nothing in it is
   * escaped.
   *
   * @throws InvalidRequestException when its escapes are malformed or its bytes are not UTF-8
   */
  public static String decode(String segment) {
    if (segment.startsWith(MARK)) {
      byte[] original = HEX.parseHex(segment.substring(MARK.length()));
      return percentDecode(new String(original, StandardCharsets.ISO_8859_1), false);
    }
    return percentDecode(segment, false);
  }

  /**
   * Decodes percent escapes of UTF-8.
   *
   * @param text each character stands for one byte
   * @param plusIsSpace as in query strings
   * @throws InvalidRequestException when escapes are malformed or the bytes are not UTF-8
   */
  public static String percentDecode(String text, boolean plusIsSpace) {
    if (isPlain(text, plusIsSpace)) {
      return text;
    }
    byte[] decoded = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        decoded[length++] = (byte) escape(text, i);
        i += 2;
      } else if (c > 0xff) {
        throw malformed(text);
      } else {
        decoded[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(decoded, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(text);
    }
  }

  /** Encodes everything that is not unreserved in RFC 3986, so that the result fits everywhere. */
  public static String percentEncode(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 8);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 'a' && b <= 'z'
          || b >= 'A' && b <= 'Z'
          || b >= '0' && b <= '9'
          || b == '-'
          || b == '.'
          || b == '_'
          || b == '~') {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX.withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  /** Whether nothing in {@code text} stands for something else. */
  private static boolean isPlain(String text, boolean plusIsSpace) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' || c >= 0x80 || c == '+' && plusIsSpace) {
        return false;
      }
    }
    return true;
  }

  private static int escape(String text, int percent) {
    if (percent + 2 < text.length()) {
      int high = Character.digit(text.charAt(percent + 1), 16);
      int low = Character.digit(text.charAt(percent + 2), 16);
      if (high >= 0 && low >= 0) {
        return high << 4 | low;
      }
    }
    throw malformed(text);
  }

  private static byte[] bytes(String segment) {
    return segment.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static InvalidRequestException malformed(String text) {
    return new InvalidRequestException(
        "malformed-escape",
        "not UTF-8 in percent escapes: " + text.substring(0, Math.min(80, text.length())));
  }
}
