package io.millrace.engine.replication;

/** What can be wrong with replication, and must be found. */
enum Flaw {
  NONE,
  /** A checkpoint is noted when changes are offered, not when they are here. */
  NOTES_CHECKPOINTS_EARLY,
  /** Tombstones are left out of what is sent. */
  SENDS_NO_TOMBSTONES,
  /** Of several leaves the last one is not offered. */
  DROPS_A_LEAF,
  /** Ancestors are not sent. */
  SENDS_NO_ANCESTRY,
  /** The end of an offer is told to be further than it is. */
  TELLS_TOO_FAR,
  /** Every history is taken for the one that was seen before. */
  IGNORES_ANCHORS,
  /** Frames of other sessions are taken for those of this one. */
  IGNORES_SESSIONS,
  /** An insertion is answered before it is done. */
  ANSWERS_BEFORE_IT_INSERTS,
  /** When an offer was asked for again, a part of it is forgotten. */
  FORGETS_WHEN_IT_RETRIES
}
