package io.millrace.replication.zmq;

import io.millrace.api.error.InvalidRequestException;

/** The other side has sent what nobody sends who keeps to the protocol. */
final class Violation extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  Violation(String what) {
    super("transport-violation", what);
  }
}
