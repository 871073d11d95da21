package io.millrace.view.index.reduce;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what is read. */
final class CountingReader implements StoreReader {
  private final StoreReader reader;
  long visited;

  CountingReader(StoreReader reader) {
    this.reader = reader;
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    visited++;
    return reader.get(keyspace, key);
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    visited += keys.size();
    return reader.getAll(keyspace, keys);
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    StoreCursor cursor = reader.range(keyspace, range);
    return new StoreCursor() {
      @Override
      public boolean advance() {
        visited++;
        return cursor.advance();
      }

      @Override
      public byte[] key() {
        return cursor.key();
      }

      @Override
      public byte[] current() {
        return cursor.current();
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }
}
