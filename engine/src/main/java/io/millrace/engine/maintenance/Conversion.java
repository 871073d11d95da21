package io.millrace.engine.maintenance;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Log;
import io.millrace.api.store.Store;
import io.millrace.engine.folder.DataFolder;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.replication.PeersFile;
import io.millrace.spi.LogProvider;
import io.millrace.spi.StoreProvider;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Copies a database to another folder, written there by other modules: the log record by record,
 * the same bytes under the same sequences; the index by replaying it. Views are built when the copy
 * is opened first. The copy is the same database in another form, with its uuid, and takes the
 * place of the source, which is left as it is and must not be opened beside it.
 *
 * <p>No server may hold either folder. A conversion that was interrupted leaves a folder that no
 * server opens; doing it again begins from nothing.
 */
public final class Conversion {
  private final Workshop workshop;

  public Conversion(Workshop workshop) {
    this.workshop = workshop;
  }

  /**
   * Converts the database in {@code from}.
   *
   * @param to missing or empty
   * @param logType the module for the new log
   * @param storeType the module for the new store
   * @throws io.millrace.api.error.NotFoundException when there is no database in {@code from}
   * @throws io.millrace.spi.ModuleNotFoundException when there is no such module
   * @throws CorruptionException when the source is damaged, or the copy does not equal it
   * @throws InvalidRequestException when {@code to} is not empty, or lies within {@code from}
   */
  public CopyReport run(Path from, Path to, String logType, String storeType) {
    Path source = from.toAbsolutePath().normalize();
    Path target = to.toAbsolutePath().normalize();
    if (target.startsWith(source) || source.startsWith(target)) {
      throw new InvalidRequestException(
          "same-folder", "the copy must be made outside of " + source + ", not in " + target);
    }
    LogProvider logModule = workshop.logModule(logType);
    StoreProvider storeModule = workshop.storeModule(storeType);
    if (logModule.formatVersion() == 0) {
      throw new InvalidRequestException(
          "log-not-kept", "the log '" + logType + "' keeps nothing; convert to another one");
    }
    try (DataFolder old = DataFolder.takeExisting(source, workshop.now())) {
      Manifest manifest = old.manifest();
      String what = "converted from " + source;
      try (DataFolder fresh = DataFolder.takeToFill(target, workshop.now(), what);
          Log records =
              workshop.readLog(
                  workshop.logModule(manifest.log().type()), old.log(), repair -> {})) {
        try (Log log = workshop.openLog(logModule, fresh.log())) {
          requireEmpty(log, logType);
          LogCopier.Copied copied = new LogCopier(records, log, workshop.listener()).copy();
          long documents = index(log, storeModule, fresh.store());
          takePeers(source, target);
          fresh.write(
              new Manifest(
                  manifest.uuid(),
                  manifest.created(),
                  Manifest.Module.of(logModule),
                  Manifest.Module.of(storeModule),
                  new Manifest.Origin(
                      "converted", manifest.uuid(), records.incarnation(), copied.records())));
          fresh.finish();
          return new CopyReport(
              manifest.uuid(), log.incarnation(), copied.records(), copied.digest(), documents);
        }
      }
    }
  }

  private static void takePeers(Path from, Path to) {
    try {
      PeersFile.copy(from, to);
    } catch (IOException e) {
      throw new UnavailableException(
          "conversion-failed", "the peers could not be copied to " + to + ": " + e, e);
    }
  }

  private static void requireEmpty(Log log, String type) {
    if (log.since().value() != 0) {
      throw new InvalidRequestException(
          "log-not-empty", "the log '" + type + "' is not empty in the new folder");
    }
  }

  /** Builds the index of {@code log}, and counts the live documents in it. */
  private long index(Log log, StoreProvider module, Path folder) {
    try (Store store = workshop.openStore(module, folder)) {
      Replay.run(store, log, workshop.treeDepth(), workshop.listener());
      IndexContent content = IndexContent.of(store);
      store.flush();
      return content.documents();
    }
  }
}
