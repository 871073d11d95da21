package io.millrace.api.replication;

/**
 * Hears what comes over a link. Called on threads of the transport, one call at a time for each
 * link; must return quickly and never block.
 */
public interface LinkListener {
  /**
   * A frame has come.
   *
   * @param frame handed over
   */
  void received(byte[] frame);

  /**
   * The link has ended and will not come back: the other side went away, or may not connect.
   *
   * @param reason for people
   */
  void closed(String reason);
}
