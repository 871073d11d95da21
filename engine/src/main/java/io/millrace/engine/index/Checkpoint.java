package io.millrace.engine.index;

import io.millrace.api.log.Incarnation;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import java.util.UUID;

/**
 * How far the index has come.
 *
 * @param incarnation of the log that it was made from
 * @param sequence the last one that is in the index
 * @param timeMillis the time of the newest commit, since 1970-01-01T00:00Z
 */
public record Checkpoint(Incarnation incarnation, long sequence, long timeMillis) {
  byte[] encode() {
    UUID id = incarnation.id();
    return new BinaryWriter(32)
        .int64(id.getMostSignificantBits())
        .int64(id.getLeastSignificantBits())
        .int64(sequence)
        .int64(timeMillis)
        .toBytes();
  }

  static Checkpoint decode(byte[] bytes) {
    BinaryReader in = new BinaryReader("keyspace meta, checkpoint", bytes);
    return new Checkpoint(
        new Incarnation(new UUID(in.int64(), in.int64())), in.int64(), in.int64());
  }
}
