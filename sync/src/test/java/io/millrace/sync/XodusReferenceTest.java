package io.millrace.sync;

/** The behaviours of the model, in the store {@code xodus}. */
class XodusReferenceTest extends ReferenceContract {
  XodusReferenceTest() {
    super("xodus");
  }
}
