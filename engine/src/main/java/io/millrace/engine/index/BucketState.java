package io.millrace.engine.index;

import io.millrace.api.BucketInfo;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One life of a bucket, from its creation until it is dropped, and on when a rollback brings it
 * back. A bucket made again under the same name is another life with another number, so dropping
 * costs nothing and loses nothing.
 *
 * <p>Changed by the writer alone, read by anyone.
 */
public final class BucketState {
  private final int number;
  private final String name;
  private final long createdMillis;
  private volatile Lifetime lifetime;
  private volatile Counters counters;

  /**
   * An id at or above the greatest that the bucket's documents have or will have, empty for none;
   * null until it is looked for. The writer's alone.
   */
  private byte @Nullable [] greatestId;

  BucketState(int number, String name, long createdSequence, long createdMillis) {
    this(
        number,
        name,
        createdMillis,
        Lifetime.from(createdSequence),
        new Counters(0, 0, 0, createdSequence - 1));
    this.greatestId = new byte[0];
  }

  private BucketState(
      int number, String name, long createdMillis, Lifetime lifetime, Counters counters) {
    this.number = number;
    this.name = name;
    this.createdMillis = createdMillis;
    this.lifetime = lifetime;
    this.counters = counters;
  }

  /**
   * What is counted of a bucket.
   *
   * @param documents live ones
   * @param deleted those whose winner is a tombstone
   * @param bytes of the bodies of live documents
   * @param lastSequence of the newest change
   */
  record Counters(long documents, long deleted, long bytes, long lastSequence) {
    Counters plus(long moreDocuments, long moreDeleted, long moreBytes, long sequence) {
      return new Counters(
          documents + moreDocuments, deleted + moreDeleted, bytes + moreBytes, sequence);
    }
  }

  /** The number that stands for this life in the log and in keys. */
  public int number() {
    return number;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The sequence of the commit that made it. */
  public long createdSequence() {
    return lifetime.created();
  }

  /** The sequence of the newest change; below the sequence of the creation when there is none. */
  public long lastSequence() {
    return counters.lastSequence();
  }

  /** How many live documents there are. */
  public long documents() {
    return counters.documents();
  }

  /** How many documents are deleted. */
  public long deletedDocuments() {
    return counters.deleted();
  }

  /** The sequence of the commit that dropped it; 0 while it lives. */
  public long droppedSequence() {
    return lifetime.dropped();
  }

  /** Whether it existed right after {@code sequence}. */
  public boolean existedAt(long sequence) {
    return lifetime.includes(sequence);
  }

  Counters counters() {
    return counters;
  }

  byte @Nullable [] greatestId() {
    return greatestId;
  }

  void greatestId(byte[] id) {
    greatestId = id;
  }

  void count(Counters next) {
    counters = next;
  }

  /** When it existed. */
  public Lifetime lifetime() {
    return lifetime;
  }

  void live(Lifetime next) {
    lifetime = next;
  }

  BucketInfo info() {
    Counters now = counters;
    return new BucketInfo(
        name,
        now.documents(),
        now.deleted(),
        now.lastSequence(),
        now.bytes(),
        Instant.ofEpochMilli(createdMillis));
  }

  byte[] encode(Counters now, Lifetime lived) {
    BinaryWriter out = new BinaryWriter(64 + name.length()).text(name).int64(createdMillis);
    lived.encode(out);
    return out.varint(now.documents())
        .varint(now.deleted())
        .varint(now.bytes())
        .varint(now.lastSequence())
        .toBytes();
  }

  static BucketState decode(int number, byte[] bytes) {
    BinaryReader in = new BinaryReader("keyspace meta, bucket " + number, bytes);
    return new BucketState(
        number,
        in.text(),
        in.int64(),
        Lifetime.decode(in),
        new Counters(in.varint(), in.varint(), in.varint(), in.varint()));
  }
}
