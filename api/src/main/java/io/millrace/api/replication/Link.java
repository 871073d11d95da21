package io.millrace.api.replication;

import org.jspecify.annotations.Nullable;

/** The way to one other server. Safe for use by many threads. */
public interface Link {
  /**
   * Sends a frame, if that is possible now. Never blocks.
   *
   * @param frame handed over, not to be changed any more
   * @return whether it was taken; false while the other side is not reached, or takes no more. What
   *     was taken may be lost nevertheless
   */
  boolean send(byte[] frame);

  /** Who is there, for people: an address as far as known. */
  String remote();

  /** The key that the other side proved to have; null when frames are not encrypted. */
  @Nullable String remoteKey();

  /** Ends the link, without a call to its listener. Closing twice does nothing. */
  void close();
}
