package io.millrace.replication.zmq;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;

/**
 * Says once for each host what it does wrong, so that nobody from outside can fill the log. For use
 * by many threads.
 */
final class Complaints {
  private static final Logger LOG = System.getLogger(ZmqTransport.class.getName());
  private static final int MOST_HOSTS = 1_000;

  private final Set<String> hosts = new HashSet<>();

  void about(String address, String what) {
    String host = address.replaceFirst(":\\d+$", "");
    synchronized (hosts) {
      if (hosts.size() >= MOST_HOSTS || !hosts.add(host)) {
        return;
      }
    }
    LOG.log(Level.WARNING, "replication: {0}: {1} (said once for this address)", host, what);
  }
}
