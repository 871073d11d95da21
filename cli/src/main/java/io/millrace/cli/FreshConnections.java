package io.millrace.cli;

import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Server;
import io.millrace.cli.command.ConnectionOptions;
import io.millrace.cli.command.Connector;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.folder.DataFolders;
import io.millrace.cli.offline.FolderEndpoint;
import java.nio.file.Path;

/** Connects each command by itself. */
final class FreshConnections implements Connector {
  private static final String SERVER = "MILLRACE_SERVER";

  private final Surroundings surroundings;

  FreshConnections(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Endpoint connect(ConnectionOptions options) {
    Path data = options.data();
    if (data != null) {
      Path folder = surroundings.folder().resolve(data);
      return new FolderEndpoint(DataFolders.open(folder, surroundings, options.settings()), folder);
    }
    String server = options.server();
    if (server == null) {
      server = surroundings.environment().getOrDefault(SERVER, "");
    }
    return new Server(server.isBlank() ? Server.USUAL : server);
  }
}
