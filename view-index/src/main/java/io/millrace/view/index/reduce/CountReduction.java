package io.millrace.view.index.reduce;

import io.millrace.view.index.StoredRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** How many rows there are. Kept as eight bytes. */
final class CountReduction implements Reduction {
  private long count;

  @Override
  public void add(StoredRow row) {
    count++;
  }

  @Override
  public void merge(byte[] partial) {
    Partials.read(partial, in -> count += in.getLong());
  }

  @Override
  public byte[] partial() {
    return ByteBuffer.allocate(Long.BYTES).putLong(count).array();
  }

  @Override
  public byte[] answer() {
    return Long.toString(count).getBytes(StandardCharsets.US_ASCII);
  }
}
