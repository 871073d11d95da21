package io.millrace.sync;

/** The behaviours of the model, in the store {@code rocksdb}. */
class RocksdbReferenceTest extends ReferenceContract {
  RocksdbReferenceTest() {
    super("rocksdb");
  }
}
