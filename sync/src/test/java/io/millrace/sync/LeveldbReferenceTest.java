package io.millrace.sync;

/** The behaviours of the model, in the store {@code leveldb}. */
class LeveldbReferenceTest extends ReferenceContract {
  LeveldbReferenceTest() {
    super("leveldb");
  }
}
