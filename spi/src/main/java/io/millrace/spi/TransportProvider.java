package io.millrace.spi;

import io.millrace.api.replication.Transport;

/** Makes transports of one kind, which carry replication between servers. */
public interface TransportProvider extends Provider {
  /**
   * Opens the transport: takes the address where it listens, if the settings name one.
   *
   * @throws io.millrace.api.error.UnavailableException (code {@code address-in-use}) when another
   *     process has the address
   */
  Transport open(Settings settings, ModuleContext context);

  /**
   * Makes a new pair of keys, as texts.
   *
   * @throws io.millrace.api.error.UnsupportedException when this transport does not encrypt
   */
  KeyPair generateKeys();

  /**
   * The keys of one server.
   *
   * @param publicKey what the peers have to know
   * @param secretKey what nobody else may know
   */
  record KeyPair(String publicKey, String secretKey) {}
}
