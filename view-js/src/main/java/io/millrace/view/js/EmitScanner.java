package io.millrace.view.js;

import java.util.Set;

/**
 * Finds out whether a JavaScript text names {@code emit}: as a word of its own outside of comments,
 * strings and regular expressions, not as a member behind a dot, and not as the name of a member in
 * an object literal ({@code emit:}).
 *
 * <p>Whether a slash divides or begins a regular expression is told by the token before it, which
 * is right but for a regular expression right behind a closing parenthesis or brace. For one text.
 */
final class EmitScanner {
  private static final String NAME = "emit";
  private static final Set<String> WORDS_BEFORE_VALUES =
      Set.of(
          "return",
          "typeof",
          "case",
          "in",
          "of",
          "delete",
          "void",
          "throw",
          "new",
          "instanceof",
          "yield",
          "await",
          "else",
          "do");

  private final String text;
  private int at;

  /** Whether the token before could end a value, so that a slash divides. */
  private boolean afterValue;

  private boolean afterDot;

  private EmitScanner(String text) {
    this.text = text;
  }

  static boolean namesEmit(String text) {
    return text.contains(NAME) && new EmitScanner(text).scan(false);
  }

  /**
   * Scans to the end, or to the brace that ends a template's expression.
   *
   * @return whether the name was found
   */
  private boolean scan(boolean inTemplate) {
    int braces = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isJavaIdentifierStart(c) || Character.isDigit(c)) {
        if (word()) {
          return true;
        }
        continue;
      }
      switch (c) {
        case '"', '\'' -> string(c);
        case '`' -> {
          if (template()) {
            return true;
          }
        }
        case '/' -> slash();
        case '}' -> {
          if (inTemplate && braces == 0) {
            return false;
          }
          braces--;
          token(true);
        }
        case '{' -> {
          braces++;
          token(false);
        }
        case ')', ']' -> token(true);
        case '.' -> dot();
        case ' ', '\t', '\r', '\n' -> at++;
        default -> token(false);
      }
    }
    return false;
  }

  private void token(boolean endsValue) {
    at++;
    afterValue = endsValue;
    afterDot = false;
  }

  private void dot() {
    boolean spread = text.startsWith("...", at);
    at += spread ? 3 : 1;
    afterDot = !spread;
    afterValue = false;
  }

  private boolean word() {
    int start = at;
    while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    boolean named = word.equals(NAME) && !afterDot && !isMemberName();
    afterValue = afterDot || !WORDS_BEFORE_VALUES.contains(word);
    afterDot = false;
    return named;
  }

  private boolean isMemberName() {
    int next = at;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next < text.length() && text.charAt(next) == ':';
  }

  private void string(char quote) {
    at++;
    while (at < text.length() && text.charAt(at) != quote) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    token(true);
  }

  private boolean template() {
    at++;
    while (at < text.length() && text.charAt(at) != '`') {
      if (text.startsWith("${", at)) {
        at += 2;
        afterValue = false;
        if (scan(true)) {
          return true;
        }
        at++;
      } else {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
    }
    token(true);
    return false;
  }

  private void slash() {
    if (text.startsWith("//", at)) {
      while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
        at++;
      }
    } else if (text.startsWith("/*", at)) {
      int end = text.indexOf("*/", at + 2);
      at = end < 0 ? text.length() : end + 2;
    } else if (afterValue) {
      token(false);
    } else {
      regularExpression();
    }
  }

  private void regularExpression() {
    boolean inClass = false;
    at++;
    while (at < text.length() && (inClass || text.charAt(at) != '/')) {
      char c = text.charAt(at);
      if (c == '\n') {
        return;
      }
      inClass = c == '[' || inClass && c != ']';
      at += c == '\\' ? 2 : 1;
    }
    token(true);
  }
}
