package io.millrace.cli.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Text that is typed or piped in, cut into statements.
 *
 * <p>Words are separated by blanks. Quotation marks keep blanks: what stands in single ones is
 * taken as it is, in double ones a backslash makes the next character ordinary. A brace, and a
 * bracket that begins a word or follows an equals sign, begin JSON, which goes on until it is
 * closed, whatever is in it; any other bracket keeps blanks until it is closed. A statement ends
 * with a semicolon, or with the line unless it is one of deltadb's; a line that begins with {@code
 * #} is a comment.
 */
final class Script {
  private final String text;
  private final List<Statement> statements = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private int position;
  private int begin;
  private boolean open;

  private Script(String text) {
    this.text = text;
  }

  /**
   * What a text consists of.
   *
   * @param statements those that are complete
   * @param rest what has not ended yet; empty when all has
   */
  record Cut(List<Statement> statements, String rest) {}

  /**
   * Cuts {@code text}.
   *
   * @param last whether nothing follows, so that the end ends a statement, too
   */
  static Cut cut(String text, boolean last) {
    Script script = new Script(text);
    script.run();
    if (!script.open && !script.words.isEmpty() && last) {
      script.end(false);
    }
    return new Cut(
        script.statements,
        script.open || !script.words.isEmpty() ? text.substring(script.begin) : "");
  }

  private void run() {
    while (position < text.length() && !open) {
      char c = text.charAt(position);
      if (c == ';') {
        position++;
        end(true);
      } else if (c == '\n') {
        position++;
        if (!Statement.isOfDeltadb(words, false)) {
          end(false);
        }
      } else if (Character.isWhitespace(c)) {
        position++;
      } else if (c == '#' && words.isEmpty()) {
        int end = text.indexOf('\n', position);
        position = end < 0 ? text.length() : end;
        begin = position;
      } else {
        if (words.isEmpty()) {
          begin = position;
        }
        word();
      }
    }
  }

  private void end(boolean terminated) {
    if (!words.isEmpty()) {
      statements.add(new Statement(words, terminated));
      words = new ArrayList<>();
    }
    begin = position;
  }

  private void word() {
    StringBuilder word = new StringBuilder();
    while (position < text.length() && !open) {
      char c = text.charAt(position);
      if (Character.isWhitespace(c) || c == ';') {
        break;
      }
      position++;
      switch (c) {
        case '\'' -> quoted(word, '\'', false);
        case '"' -> quoted(word, '"', true);
        case '\\' -> escaped(word);
        case '{' -> json(word);
        case '[' -> {
          if (word.length() == 0 || word.charAt(word.length() - 1) == '=') {
            json(word);
          } else {
            key(word);
          }
        }
        default -> word.append(c);
      }
    }
    if (!open) {
      words.add(word.toString());
    }
  }

  private void escaped(StringBuilder word) {
    if (position < text.length()) {
      word.append(text.charAt(position++));
    } else {
      open = true;
    }
  }

  private void quoted(StringBuilder word, char mark, boolean escapes) {
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == mark) {
        return;
      }
      if (c == '\\' && escapes) {
        escaped(word);
      } else {
        word.append(c);
      }
    }
    open = true;
  }

  /** The bracket is read already. */
  private void key(StringBuilder word) {
    word.append('[');
    while (position < text.length()) {
      char c = text.charAt(position++);
      switch (c) {
        case '\'' -> quoted(word, '\'', false);
        case '"' -> quoted(word, '"', true);
        case '\\' -> escaped(word);
        default -> word.append(c);
      }
      if (c == ']') {
        return;
      }
    }
    open = true;
  }

  /** The first bracket is read already; nothing inside is changed. */
  private void json(StringBuilder word) {
    int start = position - 1;
    int depth = 1;
    boolean string = false;
    while (position < text.length() && depth > 0) {
      char c = text.charAt(position++);
      if (string) {
        if (c == '\\') {
          position++;
        } else if (c == '"') {
          string = false;
        }
      } else {
        string = c == '"';
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      }
    }
    open = depth > 0;
    word.append(text, start, Math.min(position, text.length()));
  }
}
