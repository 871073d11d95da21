package io.millrace.engine.maintenance;

import io.millrace.api.BackupInfo;
import io.millrace.api.Task;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.store.Store;
import io.millrace.engine.folder.FolderFiles;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.replication.PeersFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes backups of an open database, one at a time, while it serves.
 *
 * <p>Each backup into a folder is a <em>round</em> with a folder of its own: first a checkpoint of
 * the store, then a copy of the log, which is therefore never behind it. The note that names the
 * round is replaced at the end, in one step; then the round before is removed. So whenever a backup
 * is interrupted, the folder holds the backup before, or none and says so.
 *
 * <p>Safe for use by many threads.
 */
public final class Backup {
  private static final Logger LOG = System.getLogger(Backup.class.getName());

  private final EngineLog log;
  private final Store store;
  private final Path data;
  private final Manifest.Module logModule;
  private final Manifest.Module storeModule;
  private final UUID uuid;
  private final Clock clock;
  private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

  /**
   * @param data the folder of the database, in which no backup can be
   */
  public Backup(
      UUID uuid,
      EngineLog log,
      Manifest.Module logModule,
      Store store,
      Manifest.Module storeModule,
      Path data,
      Clock clock) {
    this.uuid = uuid;
    this.log = log;
    this.logModule = logModule;
    this.store = store;
    this.storeModule = storeModule;
    this.data = data;
    this.clock = clock;
  }

  /** A backup that goes on. */
  private record Running(Path to, Path files, long bytes, Instant started, long startedNanos) {}

  /** As {@link io.millrace.api.Database#backup}. */
  public BackupInfo run(Path folder) {
    Path to = folder.toAbsolutePath().normalize();
    if (to.startsWith(data)) {
      throw new InvalidRequestException(
          "not-a-backup", to + " lies in the data folder, which is what is backed up");
    }
    Running mine = new Running(to, to, 0, clock.instant(), System.nanoTime());
    if (!running.compareAndSet(null, mine)) {
      throw new UnavailableException("backup-running", "another backup is being made; try later");
    }
    try {
      return run(to, mine);
    } catch (IOException e) {
      throw new UnavailableException(
          "backup-failed", "the backup to " + to + " could not be written: " + e, e);
    } finally {
      running.set(null);
    }
  }

  private BackupInfo run(Path to, Running begun) throws IOException {
    BackupNote earlier = earlier(to);
    Files.createDirectories(to);
    long round = earlier == null ? 1 : earlier.round() + 1;
    Path files = to.resolve(BackupNote.ROUND_PREFIX + round);
    long total = FolderFiles.sizeOf(data.resolve("log")) + store.sizeBytes();
    running.set(new Running(to, files, total, begun.started(), begun.startedNanos()));
    removeRoundsBut(to, earlier == null ? 0 : earlier.round());
    Files.createDirectory(files);
    long sequence;
    boolean done = false;
    try {
      copyStore(files.resolve("store"));
      sequence =
          log.checkpoint(
              files.resolve("log"), earlier == null ? null : earlier.files(to).resolve("log"));
      PeersFile.copy(data, files);
      FolderFiles.forceAll(files);
      done = true;
    } finally {
      if (!done) {
        removeQuietly(to, files);
      }
    }
    BackupInfo info =
        new BackupInfo(to, sequence, FolderFiles.sizeOf(files), FolderFiles.linkedSizeOf(files));
    new BackupNote(
            uuid, log.incarnation(), sequence, clock.instant(), round, logModule, storeModule)
        .write(to);
    removeRoundsBut(to, round);
    return info;
  }

  /**
   * The backup that is in {@code to}; null when there is none yet.
   *
   * @throws InvalidRequestException when there is something else
   */
  private @Nullable BackupNote earlier(Path to) throws IOException {
    if (Files.exists(to) && !Files.isDirectory(to)) {
      throw new InvalidRequestException("not-a-backup", to + " is a file, not a folder");
    }
    List<String> names = FolderFiles.names(to);
    if (!BackupNote.isIn(to)) {
      boolean onlyRounds =
          names.stream()
              .allMatch(
                  name ->
                      name.startsWith(BackupNote.ROUND_PREFIX) || name.startsWith(BackupNote.FILE));
      if (!onlyRounds) {
        throw new InvalidRequestException(
            "not-a-backup", to + " is neither empty nor a backup of this database");
      }
      return null;
    }
    BackupNote note;
    try {
      note = BackupNote.read(to);
    } catch (CorruptionException | UnsupportedException e) {
      throw new InvalidRequestException(
          "not-a-backup", "the backup in " + to + " cannot be continued: " + e.getMessage(), e);
    }
    if (!note.uuid().equals(uuid) || !note.incarnation().equals(log.incarnation())) {
      throw new InvalidRequestException(
          "not-a-backup",
          to
              + " holds a backup of another database, or of this one before it was restored or"
              + " converted");
    }
    return note;
  }

  private void copyStore(Path folder) {
    try {
      store.checkpoint(folder);
    } catch (UnsupportedException e) {
      // What is not kept in files is computed from the log at every start.
      LOG.log(Level.DEBUG, "the backup holds no store: " + e.getMessage());
    }
  }

  private static void removeRoundsBut(Path to, long kept) throws IOException {
    for (String name : FolderFiles.names(to)) {
      if (name.startsWith(BackupNote.ROUND_PREFIX)
          && !name.equals(BackupNote.ROUND_PREFIX + kept)) {
        FolderFiles.deleteAll(to.resolve(name));
      }
    }
  }

  private static void removeQuietly(Path to, Path files) {
    try {
      FolderFiles.deleteAll(files);
      if (FolderFiles.names(to).isEmpty()) {
        Files.delete(to);
      }
    } catch (IOException e) {
      LOG.log(Level.INFO, "what is left of a failed backup is removed by the next one: " + e);
    }
  }

  /** The backup that is being made; empty when none is. */
  public List<Task> tasks() {
    Running now = running.get();
    if (now == null) {
      return List.of();
    }
    long done = FolderFiles.sizeOf(now.files());
    return List.of(
        new Task(
            "backup " + now.to(),
            "backup",
            done,
            Math.max(done, now.bytes()),
            "bytes",
            now.started(),
            Duration.ofNanos(System.nanoTime() - now.startedNanos())));
  }
}
