package io.millrace.view.index;

import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.DocumentError;
import java.nio.charset.StandardCharsets;

/** The errors of an index, read from the store one at a time. */
final class ErrorCursor implements Cursor<DocumentError> {
  private final StoreCursor stored;

  ErrorCursor(StoreCursor stored) {
    this.stored = stored;
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
