package io.millrace.backend.flat;

/** All rows as they were at one moment. Closed once, after its walks. */
public interface FlatMoment extends FlatReader, AutoCloseable {
  @Override
  void close();
}
