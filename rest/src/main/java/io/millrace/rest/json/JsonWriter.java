package io.millrace.rest.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growing JSON text in UTF-8, written piece by piece.
 *
 * <p>It puts commas between members and elements, and nothing else: who calls it opens and closes
 * objects in the right order. For one thread at a time.
 */
public final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_BYTES_OF_A_CHAR = 6;

  private byte[] bytes;
  private int length;

  /** An empty text with room for {@code expected} bytes. */
  public JsonWriter(int expected) {
    bytes = new byte[expected];
  }

  /** Bytes written so far. */
  public int length() {
    return length;
  }

  /** Forgets everything beyond the first {@code kept} bytes. */
  public void truncate(int kept) {
    length = kept;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Opens an object, after a comma where one is needed. */
  public JsonWriter startObject() {
    separate();
    return put('{');
  }

  /** Closes an object. */
  public JsonWriter endObject() {
    return put('}');
  }

  /** Opens an array, after a comma where one is needed. */
  public JsonWriter startArray() {
    separate();
    return put('[');
  }

  /** Closes an array. */
  public JsonWriter endArray() {
    return put(']');
  }

  /** The name of the next member. */
  public JsonWriter name(String name) {
    string(name);
    return put(':');
  }

  /** A string, or {@code null}. */
  public JsonWriter string(@Nullable String value) {
    separate();
    if (value == null) {
      return ascii("null");
    }
    reserve(2 + value.length() * MOST_BYTES_OF_A_CHAR);
    bytes[length++] = '"';
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
        bytes[length++] = (byte) c;
      } else if (c < 0x80) {
        escape(c);
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xc0 | c >> 6);
        bytes[length++] = (byte) (0x80 | c & 0x3f);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        supplementary(Character.toCodePoint(c, value.charAt(++i)));
      } else if (Character.isSurrogate(c)) {
        unicodeEscape(c);
      } else {
        bytes[length++] = (byte) (0xe0 | c >> 12);
        bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
        bytes[length++] = (byte) (0x80 | c & 0x3f);
      }
    }
    bytes[length++] = '"';
    return this;
  }

  /** A whole number. */
  public JsonWriter number(long value) {
    separate();
    return ascii(Long.toString(value));
  }

  /** A number with a fraction; {@code null} when it is not finite. */
  public JsonWriter number(double value) {
    separate();
    return ascii(Double.isFinite(value) ? Double.toString(value) : "null");
  }

  /** {@code true} or {@code false}. */
  public JsonWriter bool(boolean value) {
    separate();
    return ascii(value ? "true" : "false");
  }

  /** A value that is JSON already. */
  public JsonWriter json(byte[] text) {
    separate();
    return raw(text, 0, text.length);
  }

  /** The members of {@code object}, a JSON object, as members of the object that is open. */
  public JsonWriter membersOf(byte[] object) {
    if (object.length > 2) {
      separate();
      raw(object, 1, object.length - 2);
    }
    return this;
  }

  /** Bytes as they are, without a comma before them. */
  public JsonWriter raw(byte[] text, int offset, int count) {
    reserve(count);
    System.arraycopy(text, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** Characters as they are, all of them ASCII, without a comma before them. */
  public JsonWriter ascii(String text) {
    int count = text.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  /** The end of a line: what comes next is no neighbour of what came before. */
  public JsonWriter newLine() {
    return put('\n');
  }

  private void separate() {
    if (length > 0) {
      byte last = bytes[length - 1];
      if (last != '{' && last != '[' && last != ':' && last != ',' && last > ' ') {
        put(',');
      }
    }
  }

  private JsonWriter put(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
    return this;
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> pair(c);
      case '\n' -> pair('n');
      case '\r' -> pair('r');
      case '\t' -> pair('t');
      default -> unicodeEscape(c);
    }
  }

  private void pair(char c) {
    bytes[length++] = '\\';
    bytes[length++] = (byte) c;
  }

  private void unicodeEscape(char c) {
    pair('u');
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[c >> shift & 0xf];
    }
  }

  private void supplementary(int codePoint) {
    bytes[length++] = (byte) (0xf0 | codePoint >> 18);
    bytes[length++] = (byte) (0x80 | codePoint >> 12 & 0x3f);
    bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
    bytes[length++] = (byte) (0x80 | codePoint & 0x3f);
  }

  private void reserve(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
