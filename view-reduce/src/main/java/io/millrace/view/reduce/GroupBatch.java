package io.millrace.view.reduce;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.view.index.JsonCollation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The groups that one batch changes: first what happens to them is gathered in memory, then each is
 * read, changed and written once. For one thread and one batch.
 */
final class GroupBatch {
  private final List<Column> columns;
  private final StoreReader present;
  private final Keyspace keyspace;
  private final Map<String, GroupDelta> groups = new LinkedHashMap<>();

  GroupBatch(List<Column> columns, StoreReader present, Keyspace keyspace) {
    this.columns = columns;
    this.present = present;
    this.keyspace = keyspace;
  }

  /** Adds what a document contributes, or takes it back. */
  void add(List<Contribution> contributions, boolean takesBack) {
    for (Contribution contribution : contributions) {
      GroupDelta delta = groups.get(contribution.group());
      if (delta == null) {
        delta = new GroupDelta(columns);
        groups.put(contribution.group(), delta);
      }
      delta.add(contribution, takesBack);
    }
  }

  /**
   * Refuses what cannot be a key in the store.
   *
   * @throws InvalidRequestException when the key of a group, or a value with it, is too long
   */
  static void requireShort(List<Contribution> contributions, List<Column> columns) {
    for (Contribution contribution : contributions) {
      int group = collated(contribution.group()).length;
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).values()) {
          contribution.values().get(i).forEach(value -> requireShort(group, value));
        }
      }
    }
  }

  private static void requireShort(int group, String value) {
    // Escapes apart, an encoding is not much longer than the text.
    if (group + 6L * value.length() > JsonCollation.MAX_BYTES
        && group + collated(value).length > JsonCollation.MAX_BYTES) {
      throw new InvalidRequestException(
          "key-too-long",
          "a value takes more than the "
              + JsonCollation.MAX_BYTES
              + " bytes that can be kept, together with the key of its group");
    }
  }

  private static byte[] collated(String json) {
    return JsonCollation.encode(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds to {@code target} what makes the groups hold what was added here. */
  void write(Totals totals, StoreBatch target) {
    List<byte[]> keys = new ArrayList<>(groups.size());
    groups.keySet().forEach(group -> keys.add(GroupLayout.groupKey(collated(group))));
    List<byte @Nullable []> stored = present.getAll(keyspace, keys);
    int at = 0;
    for (Map.Entry<String, GroupDelta> group : groups.entrySet()) {
      write(group.getKey(), group.getValue(), keys.get(at), stored.get(at), totals, target);
      at++;
    }
  }

  private void write(
      String group,
      GroupDelta delta,
      byte[] key,
      byte @Nullable [] before,
      Totals totals,
      StoreBatch target) {
    GroupState state =
        before == null ? GroupState.empty(group, columns) : GroupState.read(before, columns);
    delta.applyTo(state);
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).values()) {
        Map<String, GroupDelta.Occurrences> values = delta.column(i).values();
        new ValueChanges(key, i, columns.get(i), state.columns[i]).write(values, target);
      }
    }
    byte[] after = state.count == 0 ? null : state.write(columns);
    if (before != null) {
      totals.rows--;
      totals.bytes -= key.length + before.length;
    }
    if (after == null) {
      target.delete(keyspace, key);
      return;
    }
    totals.rows++;
    totals.bytes += key.length + after.length;
    if (!Arrays.equals(before, after)) {
      target.put(keyspace, key, after);
    }
  }

  /** What happens to the values of one column of one group. */
  private final class ValueChanges {
    private final byte[] prefix;
    private final Column column;
    private final GroupState.ColumnState state;

    /** How often the values touched occur from now on, by their keys in the store as text. */
    private final Map<Key, Boolean> occurs = new HashMap<>();

    private @Nullable Value least;
    private @Nullable Value greatest;

    ValueChanges(byte[] groupKey, int number, Column column, GroupState.ColumnState state) {
      this.prefix = GroupLayout.valuesKey(groupKey, number);
      this.column = column;
      this.state = state;
    }

    void write(Map<String, GroupDelta.Occurrences> values, StoreBatch target) {
      List<Value> touched = new ArrayList<>(values.size());
      List<byte[]> keys = new ArrayList<>(values.size());
      values.forEach(
          (json, occurrences) -> {
            if (occurrences.more() != 0) {
              byte[] key = GroupLayout.valueKey(prefix, collated(json));
              touched.add(new Value(key, json));
              keys.add(key);
            }
          });
      List<byte @Nullable []> stored = present.getAll(keyspace, keys);
      for (int i = 0; i < touched.size(); i++) {
        Value value = touched.get(i);
        long more = Objects.requireNonNull(values.get(value.json)).more();
        write(value, stored.get(i), more, target);
      }
      if (column.extremes()) {
        state.least = extreme(state.least, least, false);
        state.greatest = extreme(state.greatest, greatest, true);
      }
    }

    private void write(Value value, byte @Nullable [] stored, long more, StoreBatch target) {
      long before = stored == null ? 0 : ValueRow.read(stored).count();
      long after = before + more;
      occurs.put(new Key(value.key), after > 0);
      if (before == 0) {
        state.distinct++;
      }
      if (after == 0) {
        state.distinct--;
        target.delete(keyspace, value.key);
        return;
      }
      target.put(keyspace, value.key, new ValueRow(after, value.json).write());
      if (least == null || Arrays.compareUnsigned(value.key, least.key) < 0) {
        least = value;
      }
      if (greatest == null || Arrays.compareUnsigned(value.key, greatest.key) > 0) {
        greatest = value;
      }
    }

    /**
     * The extreme from now on.
     *
     * @param before canonical JSON of what it was; empty for none
     * @param touched the extreme of the values touched that occur
     * @param highest whether the greatest is sought
     */
    private String extreme(String before, @Nullable Value touched, boolean highest) {
      if (before.isEmpty()) {
        return touched == null ? "" : touched.json;
      }
      byte[] key = GroupLayout.valueKey(prefix, collated(before));
      Value other = new Value(key, before);
      if (Boolean.FALSE.equals(occurs.get(new Key(key)))) {
        other = beyond(key, highest);
      }
      if (other == null) {
        return touched == null ? "" : touched.json;
      }
      boolean replaces =
          touched != null
              && (Arrays.compareUnsigned(touched.key, other.key) > 0) == highest
              && !Arrays.equals(touched.key, other.key);
      return replaces ? touched.json : other.json;
    }

    /** The value in the store next to an extreme that goes, and does not go itself. */
    private @Nullable Value beyond(byte[] key, boolean highest) {
      KeyRange range =
          highest
              ? KeyRange.between(prefix, key).reversed(true)
              : KeyRange.between(key, KeyRange.successorOfPrefix(prefix));
      try (StoreCursor cursor = present.range(keyspace, range)) {
        while (cursor.advance()) {
          byte[] next = cursor.key();
          if (!Boolean.FALSE.equals(occurs.get(new Key(next)))) {
            return new Value(next, ValueRow.read(cursor.value()).json());
          }
        }
      }
      return null;
    }
  }

  /** A value, and its key in the store. */
  private static final class Value {
    private final byte[] key;
    private final String json;

    Value(byte[] key, String json) {
      this.key = key;
      this.json = json;
    }
  }

  /** Bytes that are compared as a whole. */
  private static final class Key {
    private final byte[] bytes;

    Key(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
