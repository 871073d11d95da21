package io.millrace.rest;

import io.millrace.rest.http.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The opaque texts of {@code next} and {@code after}: places in a list. */
final class Cursors {
  private Cursors() {}

  /** The text of the place behind {@code id}. */
  static String of(String id) {
    return of(id.getBytes(StandardCharsets.UTF_8));
  }

  /** The text of {@code position}. */
  static String of(byte[] position) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(position);
  }

  /** The document that the parameter {@code after} stands behind; null when it was not given. */
  static @Nullable String id(Parameters parameters) {
    String cursor = parameters.text("after");
    if (cursor == null) {
      return null;
    }
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Parameters.refused("after", "must be what an earlier answer called next");
    }
  }
}
