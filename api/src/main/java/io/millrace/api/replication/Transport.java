package io.millrace.api.replication;

import org.jspecify.annotations.Nullable;

/**
 * Carries frames between servers. A frame arrives whole or not at all; frames may be lost, doubled
 * or come in another order, and whoever uses a transport reckons with that. A transport keeps no
 * more than a bounded number of frames in memory, whatever the other side does or does not read.
 *
 * <p>Safe for use by many threads.
 */
public interface Transport extends AutoCloseable {
  /**
   * Refuses an address, or the key of whoever is there, that nothing can be connected to.
   *
   * @throws io.millrace.api.error.InvalidRequestException (code {@code invalid-address} or {@code
   *     invalid-key}) with what is wrong
   */
  void require(String address, @Nullable String key);

  /** Where others reach this one, for example {@code tcp://127.0.0.1:1445}; null when nowhere. */
  @Nullable String address();

  /** What others must know to reach it in private; null when frames are not encrypted. */
  @Nullable String key();

  /** The longest frame that it carries, in bytes. */
  int maxFrameBytes();

  /**
   * Lets others connect from now on. Called once.
   *
   * @param acceptor is told of each of them, on a thread of the transport that it must not block
   */
  void listen(Acceptor acceptor);

  /**
   * A link to the one that listens at {@code address}; made at once, and usable as soon as the
   * other one is reached. It is connected again by itself when the connection breaks, until it is
   * closed.
   *
   * @param key what {@link #key()} of the other side is; null to reach one that has none
   */
  Link connect(String address, @Nullable String key, LinkListener listener);

  /** Closes all links, without a call to their listeners. Closing twice does nothing. */
  @Override
  void close();

  /** Takes the links that others open. */
  @FunctionalInterface
  interface Acceptor {
    /** Who hears of the frames of {@code link}, the first one included. */
    LinkListener accepted(Link link);
  }
}
