package io.millrace.engine.view;

import io.millrace.api.document.Revision;
import io.millrace.api.log.Incarnation;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import java.util.UUID;

/**
 * How far one build of a view has come; written with its rows.
 *
 * @param incarnation of the log that it is made from
 * @param definition the revision of the definition that it is made by; where another query is the
 *     input, a digest of it and of those that the input comes from
 * @param freshUntil the sequence of the database when the build began: up to it, each document is
 *     met for the first time
 * @param position the change that was given to the view last
 * @param reached the sequence that the rows reflect completely
 * @param complete whether the build has caught up once
 */
record ViewCheckpoint(
    Incarnation incarnation,
    Revision definition,
    long freshUntil,
    long position,
    long reached,
    boolean complete) {

  ViewCheckpoint at(long nextPosition, long nextReached, boolean caughtUp) {
    return new ViewCheckpoint(
        incarnation, definition, freshUntil, nextPosition, nextReached, complete || caughtUp);
  }

  /** The same with documents met for the first time at most up to {@code sequence}. */
  ViewCheckpoint freshUntil(long sequence) {
    return freshUntil <= sequence
        ? this
        : new ViewCheckpoint(incarnation, definition, sequence, position, reached, complete);
  }

  byte[] encode() {
    UUID id = incarnation.id();
    return new BinaryWriter(80)
        .int64(id.getMostSignificantBits())
        .int64(id.getLeastSignificantBits())
        .varint(definition.generation())
        .digest(definition)
        .varint(freshUntil)
        .varint(position)
        .varint(reached)
        .octet(complete ? 1 : 0)
        .toBytes();
  }

  static ViewCheckpoint decode(byte[] bytes) {
    BinaryReader in = new BinaryReader("keyspace views", bytes);
    Incarnation incarnation = new Incarnation(new UUID(in.int64(), in.int64()));
    int generation = in.count(Integer.MAX_VALUE);
    return new ViewCheckpoint(
        incarnation,
        in.revision(generation),
        in.varint(),
        in.varint(),
        in.varint(),
        in.octet() == 1);
  }
}
