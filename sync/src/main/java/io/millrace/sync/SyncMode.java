package io.millrace.sync;

/** What documents in a store are for; fixed when they are first opened. */
public enum SyncMode {
  /** For themselves: nothing is noted beside them. */
  PLAIN,
  /** A copy of what a server has, with the changes that it has not got yet. */
  CLIENT,
  /** What clients sync with. */
  SERVER
}
