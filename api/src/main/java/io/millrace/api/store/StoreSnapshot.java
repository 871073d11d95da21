package io.millrace.api.store;

/**
 * The whole store as it was at one moment. Cheap to make; keeps old values alive until it is
 * closed, so close it soon.
 */
public interface StoreSnapshot extends StoreReader, AutoCloseable {
  @Override
  void close();
}
