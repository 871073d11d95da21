package io.millrace.view.reduce;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;

/** Writes what is shown of a group: an object of its aggregates. */
final class GroupAnswer {
  /** The most values of a group that are shown. */
  static final int MOST_COLLECTED = 1_000;

  /** The most characters of them. */
  static final int MOST_COLLECTED_CHARS = 1 << 20;

  private final GroupDefinition definition;
  private final Keyspace keyspace;

  GroupAnswer(GroupDefinition definition, Keyspace keyspace) {
    this.definition = definition;
    this.keyspace = keyspace;
  }

  /**
   * The JSON of the aggregates.
   *
   * @param groupKey where the group lies, or would lie
   */
  String of(GroupState state, byte[] groupKey, StoreReader reader) {
    StringBuilder json = new StringBuilder(128).append('{');
    for (Aggregate aggregate : definition.aggregates()) {
      if (json.length() > 1) {
        json.append(',');
      }
      CanonicalJson.string(aggregate.name(), json);
      json.append(':');
      write(aggregate, state, groupKey, reader, json);
    }
    return json.append('}').toString();
  }

  private void write(
      Aggregate aggregate,
      GroupState state,
      byte[] groupKey,
      StoreReader reader,
      StringBuilder json) {
    if (aggregate.column() < 0) {
      json.append(state.count);
      return;
    }
    GroupState.ColumnState column = state.columns[aggregate.column()];
    switch (aggregate.kind()) {
      case COUNT -> json.append(column.count);
      case SUM -> json.append(CanonicalJson.number(column.sum));
      case MIN -> json.append(orNull(column.least));
      case MAX -> json.append(orNull(column.greatest));
      case STATS -> stats(column, json);
      case DISTINCT -> json.append(column.distinct);
      case COLLECT ->
          collect(column, GroupLayout.valuesKey(groupKey, aggregate.column()), reader, json);
    }
  }

  private static String orNull(String value) {
    return value.isEmpty() ? "null" : value;
  }

  private static void stats(GroupState.ColumnState column, StringBuilder json) {
    json.append("{\"sum\":").append(CanonicalJson.number(column.sum));
    json.append(",\"count\":").append(column.count);
    json.append(",\"min\":").append(orNull(column.least));
    json.append(",\"max\":").append(orNull(column.greatest));
    json.append(",\"sumsqr\":").append(CanonicalJson.number(column.squares)).append('}');
  }

  /** The values in their order, each as often as it occurs, and how many there are. */
  private void collect(
      GroupState.ColumnState column, byte[] prefix, StoreReader reader, StringBuilder json) {
    json.append("{\"count\":").append(column.count).append(",\"values\":[");
    int start = json.length();
    int shown = 0;
    try (StoreCursor values = reader.range(keyspace, KeyRange.prefix(prefix))) {
      boolean fits = true;
      while (fits && values.advance()) {
        ValueRow value = ValueRow.read(values.value());
        for (long i = 0; fits && i < value.count(); i++) {
          fits =
              shown < MOST_COLLECTED
                  && json.length() - start + value.json().length() <= MOST_COLLECTED_CHARS;
          if (fits) {
            json.append(shown++ > 0 ? "," : "").append(value.json());
          }
        }
      }
    }
    json.append("]}");
  }
}
