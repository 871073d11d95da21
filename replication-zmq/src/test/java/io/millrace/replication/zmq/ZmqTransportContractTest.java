package io.millrace.replication.zmq;

import io.millrace.tck.transport.TransportFixture;
import io.millrace.tck.transport.TransportTck;

/** The transport keeps to the contract. */
final class ZmqTransportContractTest extends TransportTck {
  @Override
  protected TransportFixture createFixture() {
    return new TestTransports();
  }
}
