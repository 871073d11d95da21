package io.millrace.engine.replication;

import io.millrace.api.document.CommitDigest;
import io.millrace.api.error.InternalException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How far other databases were taken, in a keyspace of the store and in memory.
 *
 * <p>A checkpoint is written after the index has what it speaks of. What survives in a store is a
 * prefix of what was written to it, so it never outlives that; and an index that is dropped,
 * because it belongs to another log or knows more than its log, is dropped together with it.
 *
 * <p>Safe for use by many threads.
 */
final class PullCheckpoints {
  static final String KEYSPACE = "replication";
  private static final int FORMAT = 1;

  private final Store store;

  /** By the keys of the rows. May be ahead of the store, which a crash can leave behind, too. */
  private final Map<ByteBuffer, PullCheckpoint> known = new ConcurrentHashMap<>();

  /** Reads what is in {@code store}. */
  PullCheckpoints(Store store) {
    this.store = store;
    if (!store.keyspaces().contains(KEYSPACE)) {
      return;
    }
    try (StoreCursor rows = store.range(store.keyspace(KEYSPACE), KeyRange.all())) {
      while (rows.advance()) {
        known.put(ByteBuffer.wrap(rows.key()), decode(rows.value()));
      }
    }
  }

  /** How far {@code source} was taken; null when nothing is known of it. */
  @Nullable PullCheckpoint find(UUID source, Selection selection) {
    return known.get(ByteBuffer.wrap(key(source, selection)));
  }

  /** What {@link #write} is to write; it is found from now on. */
  void note(UUID source, Selection selection, PullCheckpoint checkpoint) {
    known.put(ByteBuffer.wrap(key(source, selection)), checkpoint);
  }

  /**
   * Writes what was noted last of {@code source}, without forcing it.
   *
   * @throws io.millrace.api.error.UnavailableException when the store does not take it
   */
  synchronized void write(UUID source, Selection selection) {
    byte[] key = key(source, selection);
    PullCheckpoint checkpoint = known.get(ByteBuffer.wrap(key));
    if (checkpoint == null) {
      return;
    }
    try (StoreBatch batch = store.batch()) {
      batch.put(store.keyspace(KEYSPACE), key, encode(checkpoint));
      store.write(batch);
    }
  }

  /** The source, then what stands for the selection, whatever the order of its names. */
  private static byte[] key(UUID source, Selection selection) {
    BinaryWriter text = new BinaryWriter(64).octet(selection.fullHistory() ? 1 : 0);
    new TreeSet<>(selection.buckets()).forEach(text::text);
    return new BinaryWriter(48)
        .int64(source.getMostSignificantBits())
        .int64(source.getLeastSignificantBits())
        .raw(sha256(text.toBytes()))
        .toBytes();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new InternalException("no-sha-256", "every Java platform must have SHA-256", e);
    }
  }

  private static byte[] encode(PullCheckpoint checkpoint) {
    UUID incarnation = checkpoint.incarnation().id();
    return new BinaryWriter(80)
        .octet(FORMAT)
        .int64(incarnation.getMostSignificantBits())
        .int64(incarnation.getLeastSignificantBits())
        .varint(checkpoint.sequence())
        .varint(checkpoint.anchor().sequence())
        .raw(checkpoint.anchor().digest().bytes())
        .toBytes();
  }

  private static PullCheckpoint decode(byte[] value) {
    BinaryReader in = new BinaryReader("keyspace " + KEYSPACE, value);
    if (in.octet() != FORMAT) {
      throw in.damaged("an unknown format");
    }
    Incarnation incarnation = new Incarnation(new UUID(in.int64(), in.int64()));
    long sequence = in.varint();
    Anchor anchor = new Anchor(in.varint(), CommitDigest.of(in.raw(CommitDigest.BYTES)));
    return new PullCheckpoint(incarnation, sequence, anchor);
  }
}
