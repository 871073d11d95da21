package io.millrace.api.document;

import io.millrace.api.error.InvalidRequestException;

/** What buckets may be called: {@code [a-z][a-z0-9_$()+-]{0,237}}. */
public final class BucketName {
  private static final int MAX_LENGTH = 238;

  private BucketName() {}

  /**
   * {@code name}, if a bucket can have it. Makes nothing on the heap then.
   *
   * @throws InvalidRequestException with the code {@code invalid-bucket-name} when none can
   */
  public static String require(String name) {
    if (!fits(name)) {
      throw new InvalidRequestException(
          "invalid-bucket-name",
          "a bucket's name is a lower-case letter and up to 237 of a-z 0-9 _ $ ( ) + -, not "
              + Shown.of(name));
    }
    return name;
  }

  private static boolean fits(String name) {
    int length = name.length();
    if (length == 0 || length > MAX_LENGTH || !isLetter(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = name.charAt(i);
      if (!isLetter(c) && !(c >= '0' && c <= '9') && "_$()+-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }
}
