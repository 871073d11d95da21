package io.millrace.engine.view;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.engine.index.DocumentIndex.DefinedQuery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which builds of views exist in the store, and where their rows are: one keyspace for each build,
 * numbered, and one row here with its checkpoint.
 *
 * <p>Safe for use by many threads.
 */
final class ViewRegistry {
  private static final byte[] COUNTER = {};
  private static final String ROWS_PREFIX = "view-";

  private final Store store;
  private final Keyspace views;

  ViewRegistry(Store store) {
    this.store = store;
    this.views = store.keyspace("views");
  }

  /** A build that was found. */
  record Found(long number, ViewCheckpoint checkpoint) {}

  /** All builds of a query, oldest first. */
  List<Found> builds(int bucket, String query) {
    List<Found> builds = new ArrayList<>();
    byte[] prefix = key(bucket, query, 0);
    byte[] all = Arrays.copyOf(prefix, prefix.length - 8);
    try (StoreCursor rows = store.range(views, KeyRange.prefix(all))) {
      while (rows.advance()) {
        byte[] key = rows.key();
        if (key.length == prefix.length) {
          builds.add(
              new Found(
                  ByteBuffer.wrap(key).getLong(key.length - 8),
                  ViewCheckpoint.decode(rows.value())));
        }
      }
    }
    return builds;
  }

  /** The sequence that the builds of all queries of a bucket reflect; none is behind it. */
  long reachedByAll(int bucket) {
    long reached = Long.MAX_VALUE;
    byte[] prefix = ByteBuffer.allocate(Integer.BYTES).putInt(bucket).array();
    try (StoreCursor rows = store.range(views, KeyRange.prefix(prefix))) {
      while (rows.advance()) {
        reached = Math.min(reached, ViewCheckpoint.decode(rows.value()).reached());
      }
    }
    return reached;
  }

  /** A number that no build has had. */
  synchronized long nextNumber() {
    byte[] row = store.get(views, COUNTER);
    long next = row == null ? 1 : ByteBuffer.wrap(row).getLong() + 1;
    try (StoreBatch batch = store.batch()) {
      batch.put(views, COUNTER, ByteBuffer.allocate(8).putLong(next).array());
      store.write(batch);
    }
    return next;
  }

  /** Where the rows of a build are. */
  Keyspace rows(long number) {
    return store.keyspace(ROWS_PREFIX + number);
  }

  /** Where a view may be opened that is given nothing. */
  Keyspace unusedRows() {
    return rows(0);
  }

  /** Adds the checkpoint of a build to {@code batch}. */
  void save(StoreBatch batch, int bucket, String query, long number, ViewCheckpoint checkpoint) {
    batch.put(views, key(bucket, query, number), checkpoint.encode());
  }

  /** Removes a build with its rows. */
  void remove(int bucket, String query, long number) {
    // The checkpoint goes first: one without its rows would be believed, rows without a checkpoint
    // only take room.
    try (StoreBatch batch = store.batch()) {
      batch.delete(views, key(bucket, query, number));
      store.write(batch);
    }
    store.drop(rows(number));
  }

  /**
   * Removes all builds of queries other than {@code defined}, and rows without a checkpoint. For
   * the opening of the database only.
   */
  void removeAllBut(Set<DefinedQuery> defined) {
    Set<String> kept = new HashSet<>();
    Map<Long, DefinedQuery> gone = new HashMap<>();
    try (StoreCursor rows = store.range(views, KeyRange.all())) {
      while (rows.advance()) {
        byte[] key = rows.key();
        if (key.length == 0) {
          continue;
        }
        String name = new String(key, 4, key.length - 13, StandardCharsets.UTF_8);
        DefinedQuery query = new DefinedQuery(ByteBuffer.wrap(key).getInt(), name);
        long number = ByteBuffer.wrap(key).getLong(key.length - 8);
        if (defined.contains(query)) {
          kept.add(ROWS_PREFIX + number);
        } else {
          gone.put(number, query);
        }
      }
    }
    gone.forEach((number, query) -> remove(query.bucket(), query.name(), number));
    for (String keyspace : store.keyspaces()) {
      if (keyspace.startsWith(ROWS_PREFIX) && !kept.contains(keyspace)) {
        store.drop(store.keyspace(keyspace));
      }
    }
  }

  private static byte[] key(int bucket, String query, long number) {
    byte[] name = query.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + name.length + 1 + 8)
        .putInt(bucket)
        .put(name)
        .put((byte) 0)
        .putLong(number)
        .array();
  }
}
