package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.BackupInfo;
import io.millrace.api.Database;
import io.millrace.cli.client.Server;
import io.millrace.cli.console.CommonOptions;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.ProgressLine;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.folder.DataFolders;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies a database, by its server or from a folder that no server holds. */
@Command(
    name = "backup",
    description = {
      "Makes a backup as of one sequence: by a running server, which goes on serving meanwhile, or",
      "with --data of a folder that no server holds. A second backup to the same place adds what",
      "came since and takes the place of the first."
    },
    exitCodeList = {
      "0:the backup is complete and durable",
      "1:there is no new backup; an earlier one in the same place is untouched",
      "2:the command line makes no sense"
    })
final class BackupCommand implements Callable<Integer> {
  private static final String SERVER = "MILLRACE_SERVER";
  private static final double MEBIBYTE = 1 << 20;

  @Mixin private final CommonOptions options = new CommonOptions();
  private final Surroundings surroundings;

  @Parameters(
      paramLabel = "TO",
      description = {
        "For a server, the name of the backup below its millrace.backup.folder;",
        "with --data, a folder: missing, empty, or with an earlier backup."
      })
  private String to = "";

  @ArgGroup private Source source = new Source();

  /** Where the database is. */
  static final class Source {
    @Option(
        names = "--server",
        paramLabel = "URL",
        description = "The server; otherwise $$MILLRACE_SERVER, or " + Server.USUAL + ".")
    private @Nullable URI server;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "The data folder, which no server holds.")
    private @Nullable Path data;
  }

  BackupCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path data = source.data;
    ObjectNode info = data == null ? byServer() : ofFolder(surroundings.folder().resolve(data));
    surroundings.out().println(options.json() ? info : text(info));
    return ExitCodes.DONE;
  }

  private ObjectNode byServer() {
    try (ProgressLine progress = surroundings.progress()) {
      URI server = source.server;
      if (server == null) {
        server = URI.create(surroundings.environment().getOrDefault(SERVER, Server.USUAL).strip());
      }
      JsonNode answer = new RunningServer(server).backup(to, progress);
      return answer.isObject() ? (ObjectNode) answer : CommonOptions.object();
    }
  }

  private ObjectNode ofFolder(Path data) {
    BackupInfo info;
    try (Database database = DataFolders.open(data, surroundings, options.settings())) {
      info = database.backup(surroundings.folder().resolve(to));
    }
    ObjectNode json = CommonOptions.object();
    json.put("to", info.folder().toString());
    json.put("seq", info.sequence());
    json.put("bytes", info.bytes());
    json.put("linked", info.linkedBytes());
    return json;
  }

  private static String text(JsonNode info) {
    return String.format(
        Locale.ROOT,
        "backup to %s as of sequence %,d: %,.1f MiB, %,.1f of them shared",
        info.path("to").asText(),
        info.path("seq").asLong(),
        info.path("bytes").asLong() / MEBIBYTE,
        info.path("linked").asLong() / MEBIBYTE);
  }
}
