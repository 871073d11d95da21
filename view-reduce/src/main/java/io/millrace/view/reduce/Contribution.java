package io.millrace.view.reduce;

import java.util.ArrayList;
import java.util.List;

/**
 * What one document adds to one group: one occurrence, and some values in each column.
 *
 * @param group canonical JSON of the group's key
 * @param values canonical JSON of the values, column by column
 */
record Contribution(String group, List<List<String>> values) {
  private static final String WHAT = "entry of a document";
  private static final byte[] FAILED_ENTRY = {1};

  /** The entry of a document that failed. */
  static byte[] failed() {
    return FAILED_ENTRY.clone();
  }

  static boolean isFailed(byte[] entry) {
    return entry.length == 1 && entry[0] == 1;
  }

  /** The entry of a document with some contributions. */
  static byte[] write(List<Contribution> contributions) {
    ByteWriter entry = new ByteWriter(64);
    entry.put(0);
    for (Contribution contribution : contributions) {
      entry.text(contribution.group);
      for (List<String> column : contribution.values) {
        entry.varint(column.size());
        column.forEach(entry::text);
      }
    }
    return entry.toArray();
  }

  /** Reads an entry of contributions. */
  static List<Contribution> read(byte[] entry, int columns) {
    ByteReader reader = new ByteReader(entry, WHAT);
    reader.read();
    List<Contribution> contributions = new ArrayList<>();
    while (!reader.atEnd()) {
      String group = reader.text();
      List<List<String>> values = new ArrayList<>(columns);
      for (int i = 0; i < columns; i++) {
        int count = reader.count();
        List<String> column = new ArrayList<>(count);
        for (int value = 0; value < count; value++) {
          column.add(reader.text());
        }
        values.add(column);
      }
      contributions.add(new Contribution(group, values));
    }
    return contributions;
  }
}
