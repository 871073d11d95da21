package io.millrace.api.document;

import java.util.Objects;

/** What an edit starts from, and so what must be true of the document for the edit to be made. */
public sealed interface Base {
  /** There is no document, or only a deleted one. */
  static Base absent() {
    return Absent.INSTANCE;
  }

  /** Whatever is there, or nothing. */
  static Base any() {
    return Any.INSTANCE;
  }

  /** The leaf {@code revision}. */
  static Base of(Revision revision) {
    return new Leaf(revision);
  }

  /** See {@link Base#absent()}. */
  enum Absent implements Base {
    INSTANCE
  }

  /** See {@link Base#any()}. */
  enum Any implements Base {
    INSTANCE
  }

  /** See {@link Base#of}. */
  record Leaf(Revision revision) implements Base {
    public Leaf {
      Objects.requireNonNull(revision);
    }
  }
}
