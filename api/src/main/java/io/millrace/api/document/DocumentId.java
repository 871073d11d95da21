package io.millrace.api.document;

import io.millrace.api.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * What documents may be called: 1 to 512 bytes of UTF-8, no control characters, no surrogate
 * without its partner, and nothing that begins with {@code _}, which is kept for the database.
 */
public final class DocumentId {
  private static final int MAX_BYTES = 512;

  private DocumentId() {}

  /**
   * {@code id}, if a document can have it. Makes nothing on the heap then.
   *
   * @throws InvalidRequestException with the code {@code invalid-id} when none can
   */
  public static String require(String id) {
    String fault = fault(id);
    if (fault != null) {
      throw new InvalidRequestException("invalid-id", "a document's id " + fault);
    }
    return id;
  }

  /**
   * Why no document can be called {@code id}, to follow a subject such as "a document's id"; null
   * when one can. For other names under the same rule.
   */
  public static @Nullable String fault(String id) {
    int length = id.length();
    if (length == 0) {
      return "must not be empty";
    }
    if (id.charAt(0) == '_') {
      return "must not begin with _, which is kept for the database: " + Shown.of(id);
    }
    int bytes = 0;
    for (int i = 0; i < length; i++) {
      char c = id.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        bytes++;
      } else if (Character.isISOControl(c)) {
        return "must not hold control characters: there is one at position " + (i + 1);
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(id.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        return "must not hold a surrogate without its partner";
      }
    }
    return bytes > MAX_BYTES
        ? "must not be longer than " + MAX_BYTES + " bytes of UTF-8; this one has " + bytes
        : null;
  }
}
