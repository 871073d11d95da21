package io.millrace.cli.command;

import io.millrace.cli.client.Endpoint;

/** What makes the connection that a command's options ask for. */
@FunctionalInterface
public interface Connector {
  /** Connects; who asked closes what it gets. */
  Endpoint connect(ConnectionOptions options);
}
