package io.millrace.view.reduce;

import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.DocumentError;
import java.nio.charset.StandardCharsets;

/** The errors of a view, read from the store one at a time. */
final class ErrorCursor implements Cursor<DocumentError> {
  /** A message is cut to this many characters. */
  private static final int MOST_CHARS = 1_000;

  private final StoreCursor stored;

  ErrorCursor(StoreCursor stored) {
    this.stored = stored;
  }

  /** What is stored of a message. */
  static byte[] message(String text) {
    String cut = text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) : text;
    return cut.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean advance() {
    return stored.advance();
  }

  @Override
  public DocumentError current() {
    byte[] key = stored.key();
    String id = new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    return new DocumentError(id, new String(stored.value(), StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    stored.close();
  }
}
