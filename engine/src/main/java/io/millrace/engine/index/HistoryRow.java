package io.millrace.engine.index;

import io.millrace.api.document.Revision;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;

/**
 * One change in a document's history.
 *
 * @param revision what the change made
 * @param deleted whether that is a tombstone
 * @param ancestry whether its log record names more ancestors than the parent
 * @param parentSequence the change that made the nearest known ancestor; 0 when there is none
 * @param winnerSequence the change that made the revision which won right after this change
 */
public record HistoryRow(
    Revision revision,
    boolean deleted,
    boolean ancestry,
    long parentSequence,
    long winnerSequence) {
  private static final int DELETED = 1;
  private static final int ANCESTRY = 2;

  byte[] encode() {
    return new BinaryWriter(40)
        .octet((deleted ? DELETED : 0) | (ancestry ? ANCESTRY : 0))
        .varint(revision.generation())
        .digest(revision)
        .varint(parentSequence)
        .varint(winnerSequence)
        .toBytes();
  }

  static HistoryRow decode(byte[] bytes) {
    BinaryReader in = new BinaryReader("keyspace history", bytes);
    int flags = in.octet();
    int generation = in.count(Integer.MAX_VALUE);
    return new HistoryRow(
        in.revision(generation),
        (flags & DELETED) != 0,
        (flags & ANCESTRY) != 0,
        in.varint(),
        in.varint());
  }
}
