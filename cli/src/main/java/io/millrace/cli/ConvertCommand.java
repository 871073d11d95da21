package io.millrace.cli;

import io.millrace.cli.console.CommonOptions;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.ProgressLine;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.folder.DataFolders;
import io.millrace.cli.folder.InstalledModules;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.maintenance.Conversion;
import io.millrace.engine.maintenance.CopyReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Copies a database to another log or store. */
@Command(
    name = "convert",
    description = {
      "Copies a database that no server holds to a new folder, written there by another log or",
      "store. Verifies counts and digests at the end, and leaves the source alone. The copy takes",
      "its place: it is the same database, so do not serve both. Views are built again."
    },
    exitCodeList = {
      "0:converted",
      "1:it could not be converted; no server opens what is left",
      "2:the command line makes no sense"
    })
final class ConvertCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options = new CommonOptions();
  private final Surroundings surroundings;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "DIR",
      description = "The data folder that is converted.")
  private Path from = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "The new data folder, missing or empty.")
  private Path to = Path.of("");

  @Option(
      names = "--log",
      paramLabel = "TYPE",
      description = "The log of the new folder; the same as now if not given.")
  private @Nullable String log;

  @Option(
      names = "--store",
      paramLabel = "TYPE",
      description = "The store of the new folder; the same as now if not given.")
  private @Nullable String store;

  ConvertCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (log == null && store == null && spec != null) {
      throw new ParameterException(
          spec.commandLine(), "to what shall it be converted? Give --log, --store or both");
    }
    Path source = surroundings.folder().resolve(from);
    Path target = surroundings.folder().resolve(to);
    CopyReport report;
    try (ProgressLine progress = surroundings.progress()) {
      InstalledModules modules = InstalledModules.find(surroundings, options.settings());
      Manifest now = DataFolders.manifest(source);
      report =
          new Conversion(modules.workshop(progress))
              .run(
                  source,
                  target,
                  log == null ? now.log().type() : log,
                  store == null ? now.store().type() : store);
    }
    CopyAnswer answer = new CopyAnswer("converted", source, target, report);
    surroundings.out().println(options.json() ? answer.json() : answer.text());
    return ExitCodes.DONE;
  }
}
