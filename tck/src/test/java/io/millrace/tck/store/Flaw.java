package io.millrace.tck.store;

/** What can be deliberately wrong with a {@link ReferenceStore}, and which tests must notice. */
enum Flaw {
  LOSES_LAST_PUT_OF_A_BATCH(StoreTck.Batches.class),
  ORDERS_KEYS_AS_SIGNED_BYTES(StoreTck.Ranges.class),
  SHOWS_A_BATCH_KEYSPACE_BY_KEYSPACE(StoreTck.Batches.class),
  DELETES_ONE_KEY_TOO_MANY(StoreTck.Batches.class),
  SNAPSHOT_MOVES_WITH_THE_STORE(StoreTck.Isolation.class),
  CURSOR_SEES_LATER_WRITES(StoreTck.Isolation.class),
  DROP_KEEPS_ROWS(StoreTck.Keyspaces.class),
  DROPPED_HANDLE_STILL_WRITES(StoreTck.Keyspaces.class),
  EMPTY_VALUE_IS_ABSENCE(StoreTck.Points.class),
  FORGETS_A_BATCH_IN_THE_MIDDLE_WHEN_IT_CRASHES(StoreTck.Durability.class),
  LOSES_FLUSHED_ROWS_WHEN_IT_CRASHES(StoreTck.Durability.class),
  LOSES_ROWS_WHEN_IT_CLOSES(StoreTck.Durability.class),
  CHECKPOINT_LACKS_A_ROW(StoreTck.Durability.class),
  READS_AFTER_CLOSE(StoreTck.Lifecycle.class),
  CURSOR_OUTLIVES_THE_STORE(StoreTck.Lifecycle.class);

  private final Class<?> noticedBy;

  Flaw(Class<?> noticedBy) {
    this.noticedBy = noticedBy;
  }

  Class<?> noticedBy() {
    return noticedBy;
  }
}
