package io.millrace.api.document;

/** A refused name as messages show it: not longer than a line. */
final class Shown {
  private static final int MAX_LENGTH = 80;

  private Shown() {}

  /** {@code name}, or its beginning; a pair of surrogates is not torn. */
  static String of(String name) {
    if (name.length() <= MAX_LENGTH) {
      return name;
    }
    int end = Character.isHighSurrogate(name.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
    return name.substring(0, end) + "…";
  }
}
