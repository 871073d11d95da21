package io.millrace.engine.forget;

import io.millrace.api.Retention;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a retention means at a moment: which superseded bodies go.
 *
 * @param horizon only those that were superseded up to this sequence
 * @param keep those with fewer newer changes of their document stay; 0 for none
 * @param old those that were superseded behind this sequence stay
 */
record Rule(long horizon, long keep, long old) {
  /** By which nothing goes. */
  static final Rule NOTHING = new Rule(0, 0, 0);

  /**
   * @param old the last sequence that is as old as the retention's age, if it has one
   */
  static Rule of(Retention retention, long horizon, long old) {
    Integer keep = retention.keep();
    return new Rule(
        horizon, keep == null ? 0 : keep, retention.age() == null ? Long.MAX_VALUE : old);
  }

  /** Whether a body goes that has so many newer ones and was superseded at {@code superseded}. */
  boolean forgets(long superseded, long newer) {
    return superseded <= Math.min(horizon, old) && newer >= keep;
  }

  /**
   * Whether nothing goes by this that has not gone by {@code earlier}.
   *
   * @param last the last change of the bucket
   */
  boolean addsNothingTo(Rule earlier, long last) {
    return keep >= earlier.keep
        && (keep == 0 || Math.min(horizon, last) <= earlier.horizon)
        && Math.min(Math.min(horizon, old), last) <= Math.min(earlier.horizon, earlier.old);
  }

  byte[] encode() {
    return new BinaryWriter(32).varint(horizon).varint(keep).varint(old).toBytes();
  }

  static Rule decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return NOTHING;
    }
    BinaryReader in = new BinaryReader("keyspace retention", bytes);
    return new Rule(in.varint(), in.varint(), in.varint());
  }
}
