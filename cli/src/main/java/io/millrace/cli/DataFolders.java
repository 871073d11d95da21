package io.millrace.cli;

import io.millrace.api.error.NotFoundException;
import io.millrace.engine.folder.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a data folder says of itself. */
final class DataFolders {
  private DataFolders() {}

  /**
   * The manifest of the database in {@code folder}.
   *
   * @throws NotFoundException when there is none
   */
  static Manifest manifest(Path folder) {
    if (!Files.exists(folder.resolve(Manifest.FILE))) {
      throw new NotFoundException("no-database", "there is no database in " + folder);
    }
    return Manifest.read(folder);
  }
}
