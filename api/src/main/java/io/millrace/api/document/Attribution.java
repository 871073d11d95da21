package io.millrace.api.document;

import io.millrace.api.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote and why, and, of what a peer wrote, where and when; kept with the commit, without
 * judgement.
 *
 * <p>A write refuses an author of more than {@value #MAX_AUTHOR_BYTES} bytes in UTF-8 or with
 * control characters, and a message of more than {@value #MAX_MESSAGE_BYTES} bytes or with control
 * characters other than line ends and tabs.
 *
 * @param author null when nobody said
 * @param message null when nobody said
 * @param origin where it was written first; null for what was written here
 */
public record Attribution(
    @Nullable String author, @Nullable String message, @Nullable Origin origin) {
  /** The longest author, in bytes of UTF-8. */
  public static final int MAX_AUTHOR_BYTES = 512;

  /** The longest message, in bytes of UTF-8. */
  public static final int MAX_MESSAGE_BYTES = 16_384;

  private static final Attribution NONE = new Attribution(null, null);

  /** Of a write that is made here. */
  public Attribution(@Nullable String author, @Nullable String message) {
    this(author, message, null);
  }

  /** Nobody, for no stated reason. */
  public static Attribution none() {
    return NONE;
  }

  /**
   * {@code attribution}, if a write can have it.
   *
   * @throws InvalidRequestException with the code {@code invalid-attribution} when none can
   */
  public static Attribution require(Attribution attribution) {
    require("author", attribution.author(), MAX_AUTHOR_BYTES, "");
    require("message", attribution.message(), MAX_MESSAGE_BYTES, "\n\r\t");
    return attribution;
  }

  private static void require(
      String what, @Nullable String text, int maxBytes, String controlsAllowed) {
    if (text == null) {
      return;
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && controlsAllowed.indexOf(c) < 0) {
        throw refused(
            what, "must not hold control characters: there is one at position " + (i + 1));
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else if (Character.isSurrogate(c)) {
        throw refused(what, "must not hold a surrogate without its partner");
      } else {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    if (bytes > maxBytes) {
      throw refused(
          what, "must not be longer than " + maxBytes + " bytes of UTF-8; it has " + bytes);
    }
  }

  private static InvalidRequestException refused(String what, String reason) {
    return new InvalidRequestException(
        "invalid-attribution", "the " + what + " of a write " + reason);
  }
}
