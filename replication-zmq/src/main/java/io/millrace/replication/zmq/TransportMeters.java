package io.millrace.replication.zmq;

import io.millrace.spi.Meters;

/** What a transport counts. */
final class TransportMeters {
  private final Meters.Counter framesSent;
  private final Meters.Counter framesReceived;
  private final Meters.Counter bytesSent;
  private final Meters.Counter bytesReceived;
  private final Meters.Counter bytesSaved;
  private final Meters.Counter framesDropped;
  private final Meters.Counter refused;
  private final Meters.Counter violations;
  private final Meters.Counter failures;

  TransportMeters(Meters meters) {
    framesSent = meters.counter("replication.transport.sent.frames", "Frames sent to peers");
    framesReceived =
        meters.counter("replication.transport.received.frames", "Frames received from peers");
    bytesSent =
        meters.counter(
            "replication.transport.sent.bytes", "Bytes sent to peers, after compression");
    bytesReceived =
        meters.counter(
            "replication.transport.received.bytes", "Bytes received from peers, as they came");
    bytesSaved =
        meters.counter(
            "replication.transport.saved.bytes", "Bytes that compression spared when sending");
    framesDropped =
        meters.counter(
            "replication.transport.dropped.frames",
            "Frames that were taken, but not sent since the connection broke");
    refused =
        meters.counter(
            "replication.transport.refused",
            "Connections that were refused, or ended before the other side said who it is");
    violations =
        meters.counter(
            "replication.transport.violations",
            "Connections that were ended since the other side did not keep to the protocol");
    failures =
        meters.counter(
            "replication.transport.failures", "Failures of listeners or of the messaging library");
  }

  void sent(Packing.Packed frame) {
    framesSent.add(1);
    bytesSent.add(frame.length());
    bytesSaved.add(frame.rawLength() - frame.length());
  }

  void dropped() {
    framesDropped.add(1);
  }

  void received(int bytes) {
    bytesReceived.add(bytes);
  }

  void receivedFrame() {
    framesReceived.add(1);
  }

  void refused() {
    refused.add(1);
  }

  void violated() {
    violations.add(1);
  }

  void failed() {
    failures.add(1);
  }
}
