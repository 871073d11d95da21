package io.millrace.engine.index;

import io.millrace.api.store.StoreCursor;
import io.millrace.engine.record.BinaryReader;

/**
 * A walk over sequences that end the keys of some keyspace. Belongs to one thread; must be closed.
 */
public final class SequenceCursor implements AutoCloseable {
  private final StoreCursor rows;

  SequenceCursor(StoreCursor rows) {
    this.rows = rows;
  }

  /** Moves on; false at the end. */
  public boolean advance() {
    return rows.advance();
  }

  /** The sequence here. */
  public long sequence() {
    return Keys.sequenceAtEnd(rows.key());
  }

  /**
   * The sequence of the change that made the winner; for walks over the newest changes of
   * documents.
   */
  public long winnerSequence() {
    byte[] value = rows.value();
    return value.length == 0 ? sequence() : new BinaryReader("keyspace latest", value).varint();
  }

  @Override
  public void close() {
    rows.close();
  }
}
