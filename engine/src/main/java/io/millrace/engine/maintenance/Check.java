package io.millrace.engine.maintenance;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Log;
import io.millrace.api.store.Store;
import io.millrace.engine.folder.DataFolder;
import io.millrace.engine.folder.FolderFiles;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.index.Checkpoint;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.Purges;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.maintenance.CheckReport.LogContent;
import io.millrace.engine.maintenance.Finding.Severity;
import io.millrace.engine.write.Recovery;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleNotFoundException;
import io.millrace.spi.StoreProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything that a database consists of and says what is wrong: every record of the log; the
 * index, row by row, against what a replay of the log gives; the checkpoints and rows of views.
 *
 * <p>No server may hold the folder. The log is read without changing it, whatever a crash left; the
 * store is opened as a server would open it. The replay takes place in a folder {@code check} of
 * the data folder, which is removed at the end, and needs as much room as the index.
 */
public final class Check {
  private static final String SCRATCH = "check";

  private final Workshop workshop;
  private final Path path;
  private final Findings findings = new Findings();
  private List<String> lostDocuments = List.of();
  private @Nullable IndexContent indexContent;

  /** For one use, of the database in {@code folder}. */
  public Check(Workshop workshop, Path folder) {
    this.workshop = workshop;
    this.path = folder.toAbsolutePath().normalize();
  }

  /**
   * Checks the database.
   *
   * @throws io.millrace.api.error.NotFoundException when there is none
   * @throws UnavailableException when another process holds the folder, or it cannot be used
   * @throws ModuleNotFoundException when a module that wrote it is missing
   * @throws InvalidSettingException when a setting of it is wrong
   */
  public CheckReport run() {
    LogContent content = null;
    try (DataFolder folder = DataFolder.takeExisting(path, workshop.now())) {
      Manifest manifest = manifest(folder);
      if (manifest != null) {
        content = checkLog(manifest, folder);
      }
    }
    return new CheckReport(
        findings.all(),
        findings.omitted(),
        findings.outcome(),
        findings.lost(),
        lostDocuments,
        content,
        indexContent);
  }

  private @Nullable Manifest manifest(DataFolder folder) {
    try {
      return folder.manifest();
    } catch (CorruptionException | UnsupportedException e) {
      findings.add(
          Severity.LOST, path.toString(), e, "; without it nobody knows which database this is");
      return null;
    }
  }

  private @Nullable LogContent checkLog(Manifest manifest, DataFolder folder) {
    LogProvider logModule = workshop.logModule(manifest.log().type());
    StoreProvider storeModule = workshop.storeModule(manifest.store().type());
    Log opened;
    try {
      opened =
          workshop.readLog(
              logModule,
              folder.log(),
              repair ->
                  findings.add(
                      Severity.HARMLESS,
                      folder.log().toString(),
                      "left by a crash, and mended when the database is opened: " + repair));
    } catch (InvalidSettingException | ModuleNotFoundException e) {
      // Says nothing about the data.
      throw e;
    } catch (MillraceException e) {
      findings.add(
          Severity.LOST, folder.log().toString(), e, "; the database cannot be opened with it");
      return null;
    }
    try (Log log = opened) {
      LogContent content = new LogCheck(log, findings, workshop.listener()).run();
      checkStore(log, storeModule, folder);
      return content;
    }
  }

  private void checkStore(Log log, StoreProvider module, DataFolder folder) {
    try (Store store = workshop.openStore(module, folder.store())) {
      IndexCheck index = new IndexCheck(store, findings, workshop.listener());
      Checkpoint checkpoint = DocumentIndex.checkpoint(store);
      if (belongs(checkpoint, log) && findings.isAnythingLost()) {
        lostDocuments = index.documentsOf(findings::isLost);
      } else if (checkpoint != null && belongs(checkpoint, log)) {
        settlePurges(store, log);
        replay(log, checkpoint, module, folder, index);
      }
      index.checkViews(log.incarnation(), checkpoint);
    } catch (InvalidSettingException | ModuleNotFoundException e) {
      throw e;
    } catch (MillraceException e) {
      findings.add(Severity.REPAIRABLE, folder.store().toString(), e, IndexCheck.REPAIR);
    }
  }

  /** As the opening of the database does after a compaction that a crash ended. */
  private static void settlePurges(Store store, Log log) {
    try {
      Recovery.settlePurges(new Purges(store), new EngineLog(() -> log));
    } catch (CorruptionException | NotFoundException e) {
      // A row of the index cannot be read: the comparison that follows tells which, and all others.
    }
  }

  /** Whether the index belongs to the log and is not ahead of it. */
  private boolean belongs(@Nullable Checkpoint checkpoint, Log log) {
    long last = log.since().value();
    String place = "keyspace meta, checkpoint";
    if (checkpoint == null) {
      if (last > 0) {
        // As after a crash before the store wrote anything for the first time.
        findings.add(
            Severity.HARMLESS, place, "there is no index yet; it is built at the next start");
      }
      return false;
    }
    if (!checkpoint.incarnation().equals(log.incarnation())) {
      findings.add(
          Severity.REPAIRABLE,
          place,
          "the index belongs to another log; it is built again at the next start");
      return false;
    }
    if (checkpoint.sequence() > last) {
      findings.add(
          Severity.LOST,
          place,
          "the index has seen sequence "
              + checkpoint.sequence()
              + ", but the log ends at "
              + last
              + ": the records between are gone");
      findings.lost(last + 1, checkpoint.sequence());
    }
    return true;
  }

  /** Computes the index again, beside the store, and compares. */
  private void replay(
      Log log, Checkpoint checkpoint, StoreProvider module, DataFolder folder, IndexCheck index) {
    Path scratch = folder.path().resolve(SCRATCH);
    remove(scratch);
    try {
      try (Store expected = workshop.openStore(module, scratch)) {
        LogPrefix indexed = new LogPrefix(log, checkpoint.sequence());
        Replay.run(expected, indexed, workshop.treeDepth(), workshop.listener());
        index.compareWith(expected, checkpoint);
        indexContent = IndexContent.of(expected);
      } catch (CorruptionException e) {
        findings.add(Severity.LOST, "the log", e, "; no index can be made of it");
      }
    } finally {
      remove(scratch);
    }
  }

  private static void remove(Path scratch) {
    try {
      FolderFiles.deleteAll(scratch);
    } catch (IOException e) {
      throw new UnavailableException("no-data-folder", scratch + " cannot be removed: " + e, e);
    }
  }
}
