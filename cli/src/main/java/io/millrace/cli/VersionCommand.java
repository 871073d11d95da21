package io.millrace.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.CommonOptions;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.folder.InstalledModules;
import io.millrace.spi.Modules;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says which version this is, and with {@code --json} which modules it has. */
@Command(name = "version", description = "Prints the version; with --json also what is built in.")
final class VersionCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options = new CommonOptions();
  private final Surroundings surroundings;

  VersionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    String own = VersionCommand.class.getPackage().getImplementationVersion();
    String version = own == null ? "unknown" : own;
    if (!options.json()) {
      surroundings.out().println("millrace " + version);
      return ExitCodes.DONE;
    }
    InstalledModules installed = InstalledModules.find(surroundings, options.settings());
    ObjectNode json = CommonOptions.object();
    json.put("version", version);
    json.put("java", Runtime.version().toString());
    ArrayNode modules = json.putArray("modules");
    for (Modules<?> kind : List.of(installed.logs(), installed.stores())) {
      for (Modules.Found<?> found : kind.found()) {
        ObjectNode module = modules.addObject();
        module.put("kind", kind.kind());
        module.put("name", found.provider().name());
        module.put("version", found.provider().version());
        module.put("format", found.provider().formatVersion());
        module.put("origin", found.origin());
      }
    }
    surroundings.out().println(json);
    return ExitCodes.DONE;
  }
}
