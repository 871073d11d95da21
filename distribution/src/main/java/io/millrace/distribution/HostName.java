package io.millrace.distribution;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What the operating system calls this machine. */
final class HostName {
  private static final String UNKNOWN = "localhost";

  private HostName() {}

  /** Never fails: a machine whose name cannot be found out is {@code localhost}. */
  static String find() {
    // The variable first: looking an unknown name up can take the resolver seconds.
    String variable = System.getenv("HOSTNAME");
    if (variable != null && !variable.isBlank()) {
      return variable;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return UNKNOWN;
    }
  }
}
