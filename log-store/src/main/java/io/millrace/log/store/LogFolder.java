package io.millrace.log.store;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A log's folder: in it one folder with the store, called as the store's module is, and a {@link
 * ForcedNote}.
 */
record LogFolder(ModuleContext context, Settings settings) {
  /** The folder of a copy of this log. */
  LogFolder at(Path folder) {
    return new LogFolder(
        new ModuleContext(
            folder, context.clock(), context.random(), Meters.none(), context.stores()),
        settings);
  }

  /**
   * Makes the folder.
   *
   * @throws InvalidRequestException when its parent is not there
   */
  void make() {
    Path folder = context.folder();
    if (!Files.isDirectory(folder.toAbsolutePath().getParent())) {
      throw new InvalidRequestException(
          "checkpoint-parent", "cannot copy the log to " + folder + ": no parent folder");
    }
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      throw new UnavailableException(
          "checkpoint-failed", "the folder " + folder + " could not be made: " + e, e);
    }
  }

  /** The folder of the store that {@code options} name. */
  Path store(LogOptions options) {
    return context.folder().resolve(options.store());
  }

  /** The note beside the store that {@code options} name. */
  ForcedNote note(LogOptions options) {
    // One that writes nothing has nothing when it is opened again, as everybody knows.
    boolean lasting = context.stores().named(options.store()).formatVersion() > 0;
    return lasting ? new ForcedNote(context.folder()) : ForcedNote.none();
  }

  /**
   * Opens the store that {@code options} name.
   *
   * @throws UnsupportedException when the log is kept in another one
   */
  Store openStore(LogOptions options) {
    StoreProvider provider = context.stores().named(options.store());
    Path folder = context.folder();
    prepare(folder, options.store());
    return provider.open(
        settings.within(options.store() + '.', provider.settings(), provider.logSettings()),
        new ModuleContext(
            store(options),
            context.clock(),
            context.random(),
            new PrefixedMeters("log.", context.meters())));
  }

  private static void prepare(Path folder, String store) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new CorruptionException(folder.toString(), "the log's folder is a file");
    }
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> String.valueOf(file.getFileName()))
            .filter(name -> !name.equals(store) && !name.equals(ForcedNote.NAME))
            .findAny()
            .ifPresent(
                name -> {
                  throw new UnsupportedException(
                      "log-store-type",
                      "the log in "
                          + folder
                          + " is kept in the store '"
                          + name
                          + "', not in '"
                          + store
                          + "'; open it with the setting type of the log as it was");
                });
      }
    } catch (IOException e) {
      throw new UnavailableException(
          "log-open-failed", "the log in " + folder + " could not be opened: " + e, e);
    }
  }
}
