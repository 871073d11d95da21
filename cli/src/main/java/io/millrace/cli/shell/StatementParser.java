package io.millrace.cli.shell;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;

/** Tells the line editor whether what was typed is complete, and which word is being typed. */
final class StatementParser implements Parser {
  private final DefaultParser words = new DefaultParser();

  StatementParser() {
    words.setQuoteChars(new char[0]);
    words.setEscapeChars(new char[0]);
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE) {
      String rest = Script.cut(line + '\n', false).rest();
      if (!rest.isBlank()) {
        throw new EOFError(-1, cursor, "not complete", "");
      }
    }
    return words.parse(line, cursor, ParseContext.COMPLETE);
  }
}
