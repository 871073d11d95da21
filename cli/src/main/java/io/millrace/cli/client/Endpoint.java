package io.millrace.cli.client;

/**
 * What answers requests of the REST interface: a server, or a data folder that is opened here.
 *
 * <p>For one thread, but {@link #send} may be called by several.
 */
public interface Endpoint extends AutoCloseable {
  /** Its address, for messages. */
  String name();

  /**
   * Sends a request and waits for the whole answer.
   *
   * @throws RefusedException when the answer is a problem
   * @throws io.millrace.api.error.UnavailableException when nobody answers
   * @throws io.millrace.api.error.UnknownOutcomeException when a write got no answer
   */
  Answer send(Call call);

  /**
   * Sends a request whose answer is one JSON value a line; throws as {@link #send} does, and so do
   * the lines.
   */
  Lines lines(Call call);

  @Override
  void close();
}
