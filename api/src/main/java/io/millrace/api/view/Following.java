package io.millrace.api.view;

/**
 * Where rows that are followed begin, and what is told of them.
 *
 * @param beginning what comes first
 * @param since with {@link Beginning#SINCE}, the sequence behind which it begins
 * @param removals whether it is told too that a changed document has none of the rows asked for
 */
public record Following(Beginning beginning, long since, boolean removals) {
  /** What comes first. */
  public enum Beginning {
    /** The rows that are there. */
    EXISTING,
    /** The rows of the next document that changes. */
    NOW,
    /** The rows of the documents that changed behind a sequence. */
    SINCE
  }

  public Following {
    if (since < 0) {
      throw new IllegalArgumentException("since is " + since + ", and must be 0 or more");
    }
  }

  /** The rows that are there, then those of each document that changes. */
  public static Following existing() {
    return new Following(Beginning.EXISTING, 0, false);
  }

  /** The rows of each document that changes from now on. */
  public static Following now() {
    return new Following(Beginning.NOW, 0, false);
  }

  /** The rows of each document that changed behind {@code sequence}, or changes from now on. */
  public static Following since(long sequence) {
    return new Following(Beginning.SINCE, sequence, false);
  }

  /** The same, and told which changed documents have no rows. */
  public Following withRemovals() {
    return new Following(beginning, since, true);
  }
}
