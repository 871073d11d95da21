package io.millrace.cli.shell;

import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Lines;
import io.millrace.cli.command.ConnectionOptions;
import io.millrace.cli.command.Connector;

/** Gives all commands of a shell its one connection, unless they name another place. */
final class SharedConnection implements Connector, AutoCloseable {
  private final Connector others;
  private Endpoint endpoint;

  /**
   * @param endpoint is closed with this
   */
  SharedConnection(Connector others, Endpoint endpoint) {
    this.others = others;
    this.endpoint = endpoint;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Goes on with another one. */
  void change(Endpoint other) {
    endpoint.close();
    endpoint = other;
  }

  @Override
  public Endpoint connect(ConnectionOptions options) {
    return options.server() == null && options.data() == null
        ? new Lent(endpoint)
        : others.connect(options);
  }

  @Override
  public void close() {
    endpoint.close();
  }

  /** Stays open when a command ends. */
  private record Lent(Endpoint endpoint) implements Endpoint {
    @Override
    public String name() {
      return endpoint.name();
    }

    @Override
    public Answer send(Call call) {
      return endpoint.send(call);
    }

    @Override
    public Lines lines(Call call) {
      return endpoint.lines(call);
    }

    @Override
    public void close() {}
  }
}
