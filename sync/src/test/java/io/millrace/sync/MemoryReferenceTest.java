package io.millrace.sync;

/** The behaviours of the model, in the store {@code memory}. */
class MemoryReferenceTest extends ReferenceContract {
  MemoryReferenceTest() {
    super("memory");
  }
}
