package io.millrace.view.reduce;

import io.millrace.api.document.Body;
import io.millrace.api.document.Change;

/** The bodies of changes, which a view is always given. */
final class Bodies {
  private Bodies() {}

  static Body of(Change change) {
    Body body = change.body();
    if (body == null) {
      throw new IllegalArgumentException("a change without its body was given to a view");
    }
    return body;
  }
}
