package io.millrace.engine.maintenance;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.store.Store;
import io.millrace.engine.folder.DataFolder;
import io.millrace.engine.folder.FolderFiles;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.index.Checkpoint;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.replication.PeersFile;
import io.millrace.spi.LogProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Makes a database of a backup, in a folder of its own. The copy is another database: it has a new
 * uuid and its log a new incarnation, so that neither peers nor indexes take it for the original.
 * Index and views of the backup are taken over and go on from where they were.
 *
 * <p>The log is written anew, record by record, and every record is checked on the way. The backup
 * is not changed, as far as the log's module can read without mending what it reads. A restore that
 * was interrupted leaves a folder that no server opens; doing it again begins from nothing.
 */
public final class Restore {
  private final Workshop workshop;

  public Restore(Workshop workshop) {
    this.workshop = workshop;
  }

  /**
   * Restores {@code backup} to {@code target}.
   *
   * @param target missing or empty
   * @throws NotFoundException when there is no complete backup in {@code backup}
   * @throws CorruptionException when the backup is damaged; the message says where
   * @throws io.millrace.api.error.InvalidRequestException when {@code target} is not empty
   * @throws UnavailableException when it cannot be written
   */
  public CopyReport run(Path backup, Path target) {
    if (!BackupNote.isIn(backup)) {
      throw new NotFoundException(
          "no-backup",
          "there is no complete backup in "
              + backup
              + ": "
              + BackupNote.FILE
              + " is missing, which is written last");
    }
    BackupNote note = BackupNote.read(backup);
    Path folder = target.toAbsolutePath().normalize();
    String what = "restored from " + backup.toAbsolutePath().normalize();
    try (DataFolder data = DataFolder.takeToFill(folder, workshop.now(), what)) {
      Restored log = restoreLog(note, note.files(backup).resolve("log"), data.log());
      Path store = note.files(backup).resolve("store");
      if (Files.isDirectory(store)) {
        restoreStore(note, store, data.store(), log.incarnation());
      }
      takePeers(note.files(backup), folder);
      UUID uuid = workshop.randomUuid();
      data.write(
          new Manifest(
              uuid,
              workshop.now(),
              Manifest.Module.of(workshop.logModule(note.log().type())),
              Manifest.Module.of(workshop.storeModule(note.store().type())),
              new Manifest.Origin("restored", note.uuid(), note.incarnation(), note.sequence())));
      data.finish();
      return new CopyReport(uuid, log.incarnation(), note.sequence(), log.digest(), -1);
    }
  }

  /**
   * The copy is another database, with the same peers: it takes from them what the backup lacks.
   */
  private static void takePeers(Path from, Path to) {
    try {
      PeersFile.copy(from, to);
    } catch (IOException e) {
      throw new UnavailableException(
          "restore-failed", "the peers could not be copied to " + to + ": " + e, e);
    }
  }

  private record Restored(Incarnation incarnation, String digest) {}

  private Restored restoreLog(BackupNote note, Path from, Path to) {
    LogProvider module = workshop.logModule(note.log().type());
    try (Log source = workshop.readLog(module, from, repair -> {});
        Log target = workshop.openLog(module, to)) {
      if (source.since().value() != note.sequence()
          || !source.incarnation().equals(note.incarnation())) {
        throw new CorruptionException(
            from.toString(),
            "it ends at sequence "
                + source.since().value()
                + " of "
                + source.incarnation()
                + ", not at "
                + note.sequence()
                + " of "
                + note.incarnation()
                + " as "
                + BackupNote.FILE
                + " says");
      }
      LogCopier.Copied copied = new LogCopier(source, target, workshop.listener()).copy();
      return new Restored(target.incarnation(), copied.digest());
    }
  }

  private void restoreStore(BackupNote note, Path from, Path to, Incarnation incarnation) {
    long total = FolderFiles.sizeOf(from);
    long[] done = new long[1];
    try {
      FolderFiles.copyAll(
          from,
          to,
          bytes -> {
            done[0] += bytes;
            workshop
                .listener()
                .progress("copying the store", done[0], Math.max(total, done[0]), "bytes");
          });
    } catch (IOException e) {
      throw new UnavailableException(
          "restore-failed", from + " could not be copied to " + to + ": " + e, e);
    }
    try (Store store = workshop.openStore(workshop.storeModule(note.store().type()), to)) {
      Checkpoint checkpoint = DocumentIndex.checkpoint(store);
      if (checkpoint != null
          && checkpoint.incarnation().equals(note.incarnation())
          && checkpoint.sequence() <= note.sequence()) {
        Checkpoints.adopt(store, note.incarnation(), incarnation);
      }
      // Any other index is dropped and built again when the database is opened.
      store.flush();
    }
  }
}
