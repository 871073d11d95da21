package io.millrace.cli.folder;

import io.millrace.api.Database;
import io.millrace.api.error.NotFoundException;
import io.millrace.cli.console.Surroundings;
import io.millrace.engine.Millrace;
import io.millrace.engine.folder.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a data folder says of itself, and how it is opened. */
public final class DataFolders {
  private DataFolders() {}

  /**
   * The manifest of the database in {@code folder}.
   *
   * @throws NotFoundException when there is none
   */
  public static Manifest manifest(Path folder) {
    if (!Files.exists(folder.resolve(Manifest.FILE))) {
      throw new NotFoundException("no-database", "there is no database in " + folder);
    }
    return Manifest.read(folder);
  }

  /**
   * Opens the database in {@code folder} with the modules that it was made with.
   *
   * @param settings of these, stronger than the environment and the file of settings
   * @throws NotFoundException when there is none
   */
  public static Database open(
      Path folder, Surroundings surroundings, Map<String, String> settings) {
    Manifest manifest = manifest(folder);
    InstalledModules modules = InstalledModules.find(surroundings, settings);
    String log = manifest.log().type();
    String store = manifest.store().type();
    return Millrace.in(folder)
        .log(log, modules.logSettings(log))
        .store(store, modules.storeSettings(store))
        .modules(modules.logs(), modules.stores(), modules.views())
        .folds(modules.folds())
        .treeDepth(modules.treeDepth())
        .clock(surroundings.clock())
        .random(surroundings.random())
        .open();
  }
}
