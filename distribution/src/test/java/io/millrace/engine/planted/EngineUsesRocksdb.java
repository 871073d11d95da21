package io.millrace.engine.planted;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** A library's name appears in its module only. */
final class EngineUsesRocksdb {
  @Nullable RocksDBException failure;
}
