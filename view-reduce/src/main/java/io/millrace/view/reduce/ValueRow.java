package io.millrace.view.reduce;

import java.nio.charset.StandardCharsets;

/**
 * What is kept of a value that occurs in a column of a group.
 *
 * @param count how often it occurs
 * @param json its canonical JSON
 */
record ValueRow(long count, String json) {
  static ValueRow read(byte[] stored) {
    ByteReader reader = new ByteReader(stored, "value of a group");
    long count = reader.varint();
    return new ValueRow(count, reader.rest());
  }

  byte[] write() {
    ByteWriter writer = new ByteWriter(json.length() + 8);
    writer.varint(count);
    writer.put(json.getBytes(StandardCharsets.UTF_8));
    return writer.toArray();
  }
}
