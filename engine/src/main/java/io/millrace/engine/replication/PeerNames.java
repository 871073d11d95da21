package io.millrace.engine.replication;

import io.millrace.api.error.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** What peers are called. */
final class PeerNames {
  private static final int MAX_LENGTH = 100;

  private PeerNames() {}

  /** Whether {@code text} can be a name: letters, digits, dots, hyphens and underscores. */
  static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || text.startsWith("_")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isLetter(text.charAt(i)) && text.charAt(i) != '.') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_';
  }

  /** {@code text}, if it can be a name. */
  static String require(String text) {
    if (!isName(text)) {
      throw new InvalidRequestException(
          "invalid-name",
          "a peer's name has 1 to "
              + MAX_LENGTH
              + " letters, digits, dots, hyphens and underscores, the first one no underscore");
    }
    return text;
  }

  /** Refuses what no bucket's name can match. */
  static String requirePattern(String pattern) {
    boolean fits = !pattern.isEmpty() && pattern.length() <= 255;
    for (int i = 0; i < pattern.length() && fits; i++) {
      char c = pattern.charAt(i);
      fits = c == '*' || c == '.' || isLetter(c);
    }
    if (!fits) {
      throw new InvalidRequestException(
          "invalid-bucket-pattern", "no name of a bucket, with * for any letters: " + pattern);
    }
    return pattern;
  }

  /** What the one at {@code address} is called when nobody says. */
  static String ofAddress(String address) {
    try {
      String host = new URI(address).getHost();
      if (host != null && isName(host)) {
        return host;
      }
    } catch (URISyntaxException e) {
      // An address that the transport takes, and no URI: it gets the name of all such.
    }
    return "peer";
  }

  /** {@code wanted}, with a number behind it when it is taken. */
  static String free(String wanted, Set<String> taken) {
    String name = wanted;
    for (int i = 2; taken.contains(name); i++) {
      name = wanted + "-" + i;
    }
    return name;
  }
}
