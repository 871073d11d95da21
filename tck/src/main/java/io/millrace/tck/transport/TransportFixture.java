package io.millrace.tck.transport;

import io.millrace.api.replication.Transport;
import io.millrace.spi.TransportProvider.KeyPair;
import java.util.Set;

/** Opens the transports of one test, which can reach one another. The test closes them. */
public interface TransportFixture extends AutoCloseable {
  /** Opens a transport without keys, with an address of its own. */
  Transport open();

  /** Opens a transport without keys where another one was, which is closed by now. */
  Transport openAt(String address);

  /**
   * The most bytes that a transport may take for a link on which nobody reads; both sides together.
   */
  long mostBytesUnderWay();

  /** Whether frames can be encrypted. If not, the two methods below are not called. */
  default boolean hasKeys() {
    return false;
  }

  /** Makes a new pair of keys. */
  default KeyPair newKeys() {
    throw new UnsupportedOperationException("this transport does not encrypt");
  }

  /** Opens a transport with keys, to which those with the public keys {@code allowed} connect. */
  default Transport openWithKeys(KeyPair keys, Set<String> allowed) {
    throw new UnsupportedOperationException("this transport does not encrypt");
  }

  /** An address at which nothing can ever be reached. */
  default String impossibleAddress() {
    return "nonsense";
  }

  /** Removes whatever is left; all transports are closed. */
  @Override
  default void close() {}
}
