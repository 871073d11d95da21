package io.millrace.view.index;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** Writes strings as JSON. */
final class JsonStrings {
  private JsonStrings() {}

  /** {@code text} as a JSON string in UTF-8. */
  static byte[] quoted(String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    for (byte b : plain) {
      if (b >= 0 && b < 0x20 || b == '"' || b == '\\') {
        return surrounded(JsonStringEncoder.getInstance().quoteAsUTF8(text));
      }
    }
    return surrounded(plain);
  }

  private static byte[] surrounded(byte[] inner) {
    byte[] quoted = new byte[inner.length + 2];
    quoted[0] = '"';
    System.arraycopy(inner, 0, quoted, 1, inner.length);
    quoted[inner.length + 1] = '"';
    return quoted;
  }
}
