package io.millrace.cli;

import io.millrace.cli.console.CommonOptions;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.ProgressLine;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.folder.InstalledModules;
import io.millrace.engine.maintenance.CopyReport;
import io.millrace.engine.maintenance.Restore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a database of a backup. */
@Command(
    name = "restore",
    description = {
      "Makes a database of a backup, in a folder of its own, and checks every record on the way.",
      "The new database has a uuid of its own; the backup stays as it is."
    },
    exitCodeList = {
      "0:restored",
      "1:it could not be restored; no server opens what is left",
      "2:the command line makes no sense"
    })
final class RestoreCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options = new CommonOptions();
  private final Surroundings surroundings;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "BACKUP",
      description = "The folder of the backup.")
  private Path from = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "The new data folder, missing or empty.")
  private Path to = Path.of("");

  RestoreCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path backup = surroundings.folder().resolve(from);
    Path data = surroundings.folder().resolve(to);
    CopyReport report;
    try (ProgressLine progress = surroundings.progress()) {
      InstalledModules modules = InstalledModules.find(surroundings, options.settings());
      report = new Restore(modules.workshop(progress)).run(backup, data);
    }
    CopyAnswer answer = new CopyAnswer("restored", backup, data, report);
    surroundings.out().println(options.json() ? answer.json() : answer.text());
    return ExitCodes.DONE;
  }
}
