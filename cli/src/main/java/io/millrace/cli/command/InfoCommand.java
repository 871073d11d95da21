package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Table;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what a server is. */
@Command(
    name = "info",
    description = "Says what a server or a data folder is: version, sequence, sizes, modules.")
final class InfoCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  InfoCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    client.show(options, Call.get("_system", "info"), this::print);
    return ExitCodes.DONE;
  }

  private void print(JsonNode info) {
    line("version", Texts.of(info, "version"));
    line("node", Texts.of(info, "node"));
    line("uuid", Texts.of(info, "uuid"));
    line("sequence", String.format(Locale.ROOT, "%,d", info.path("sequence").asLong()));
    if (info.has("uptime_ms")) {
      Duration up = Duration.ofMillis(info.path("uptime_ms").asLong());
      line(
          "up for",
          String.format(
              Locale.ROOT,
              "%d days %02d:%02d:%02d",
              up.toDays(),
              up.toHoursPart(),
              up.toMinutesPart(),
              up.toSecondsPart()));
    }
    line("Java", Texts.of(info.path("jdk"), "version"));
    line("log", bytes(info.path("data").path("log_bytes")));
    line("store", bytes(info.path("data").path("store_bytes")));
    if (info.has("write_failure")) {
      line("refuses writes", Texts.of(info, "write_failure"));
    }
    client.out().println();
    Table table =
        new Table(client.surroundings(), "MODULE", "NAME", "?VERSION", "?ORIGIN", "CHOSEN");
    for (JsonNode module : info.path("modules")) {
      table.row(
          Texts.of(module, "kind"),
          Texts.of(module, "name"),
          Texts.of(module, "version"),
          Texts.of(module, "origin"),
          module.path("chosen").asBoolean() ? "yes" : "");
    }
    table.flush();
  }

  private void line(String name, String value) {
    client.out().printf(Locale.ROOT, "%-10s %s%n", name, value);
  }

  private static String bytes(JsonNode count) {
    return String.format(Locale.ROOT, "%,.1f MiB", count.asLong() / (double) (1 << 20));
  }
}
