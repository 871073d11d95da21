package io.millrace.tck.transport;

import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import io.millrace.tck.Patience;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes links, and keeps what comes over each. */
final class Door implements Transport.Acceptor {
  private final BlockingQueue<Visit> visits = new LinkedBlockingQueue<>();

  record Visit(Link link, Recorder recorder) {}

  @Override
  public LinkListener accepted(Link link) {
    Visit visit = new Visit(link, new Recorder());
    visits.add(visit);
    return visit.recorder();
  }

  /** The next link that was opened. */
  Visit await() {
    try {
      Visit visit = visits.poll(Patience.millis(), TimeUnit.MILLISECONDS);
      if (visit == null) {
        throw new AssertionError("no link was opened");
      }
      return visit;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for a link", e);
    }
  }

  int waiting() {
    return visits.size();
  }
}
