package io.millrace.engine.folder;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.spi.Provider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a database, held by one process at a time: who it is ({@code millrace.json}), who
 * holds it ({@code lock}), and the folders of its log and its store.
 */
public final class DataFolder implements AutoCloseable {
  /** There while something is being put into the folder that is of no use before it is whole. */
  private static final String UNFINISHED = "unfinished";

  private static final String LOCK = "lock";
  private static final int MAX_HOLDER_BYTES = 200;

  /**
   * The folders that this process holds. When a process closes a file, through whichever handle,
   * POSIX gives its lock on that file away; so the lock of one that is held must not be opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final Path real;
  private final FileChannel lockFile;
  private final FileLock lock;

  private DataFolder(Path folder, Path real, FileChannel lockFile, FileLock lock) {
    this.folder = folder;
    this.real = real;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Takes a folder in which there is a database.
   *
   * @throws NotFoundException when there is none
   * @throws UnavailableException when another process holds it
   */
  public static DataFolder takeExisting(Path folder, Instant now) {
    if (!Files.exists(folder.resolve(Manifest.FILE)) && !Files.exists(folder.resolve("log"))) {
      throw new NotFoundException("no-database", "there is no database in " + folder);
    }
    return take(folder, now);
  }

  /**
   * Takes a folder that is missing or empty, to be filled; until {@link #finish}, no database is
   * opened in it. What an interrupted filling left behind is removed.
   *
   * @param what is done, for whoever meets the folder unfinished
   * @throws InvalidRequestException when something else is in the folder
   * @throws UnavailableException when another process holds it
   */
  public static DataFolder takeToFill(Path folder, Instant now, String what) {
    try {
      List<String> names = FolderFiles.names(folder);
      if (!names.isEmpty() && !names.contains(UNFINISHED) && !names.equals(List.of(LOCK))) {
        throw new InvalidRequestException(
            "folder-not-empty", folder + " is not empty; choose a folder that is, or a new one");
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    DataFolder taken = take(folder, now);
    taken.begin(what);
    return taken;
  }

  /**
   * Takes the folder, made if it is not there.
   *
   * @throws UnavailableException when another process holds it, or it cannot be used
   */
  public static DataFolder take(Path folder, Instant now) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UnavailableException("no-data-folder", folder + " is a file, not a folder");
    }
    Path real;
    try {
      Files.createDirectories(folder);
      real = folder.toRealPath();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    if (!HELD.add(real)) {
      throw inUse(folder, "this process, process " + ProcessHandle.current().pid());
    }
    DataFolder taken = null;
    try {
      taken = take(folder, real, now);
      return taken;
    } finally {
      if (taken == null) {
        HELD.remove(real);
      }
    }
  }

  private static DataFolder take(Path folder, Path real, Instant now) {
    FileChannel file = null;
    try {
      file =
          FileChannel.open(
              folder.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      FileLock lock = file.tryLock();
      if (lock == null) {
        String holder = holder(file);
        file.close();
        throw inUse(folder, holder);
      }
      String self = "process " + ProcessHandle.current().pid() + " since " + now + "\n";
      file.truncate(0);
      file.write(ByteBuffer.wrap(self.getBytes(StandardCharsets.UTF_8)), 0);
      return new DataFolder(folder, real, file, lock);
    } catch (IOException e) {
      closeQuietly(file, e);
      throw unusable(folder, e);
    }
  }

  private static UnavailableException inUse(Path folder, String holder) {
    return new UnavailableException(
        "data-folder-in-use", "the data folder " + folder + " is held by " + holder);
  }

  private static void closeQuietly(@Nullable FileChannel file, IOException cause) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private static String holder(FileChannel file) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_BYTES);
    file.read(text, 0);
    String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    return holder.isEmpty() ? "another process" : holder;
  }

  /** The folder itself. */
  public Path path() {
    return folder;
  }

  /** Where the log is. */
  public Path log() {
    return folder.resolve("log");
  }

  /** Where the store is. */
  public Path store() {
    return folder.resolve("store");
  }

  /** Where a transport may keep files. */
  public Path transport() {
    return folder.resolve("transport");
  }

  /** The manifest; as {@link Manifest#read}. */
  public Manifest manifest() {
    requireFinished();
    return Manifest.read(folder);
  }

  /**
   * The identity of the database, made with {@code fresh} if the folder is new.
   *
   * @throws UnsupportedException when the data was written with other modules, or by a later
   *     version
   */
  public UUID identify(UUID fresh, Instant now, Provider log, Provider store) {
    requireFinished();
    if (!Files.exists(folder.resolve(Manifest.FILE))) {
      if (Files.exists(log())) {
        // Written before anything else: without it nobody knows which database this is.
        throw new CorruptionException(
            folder.resolve(Manifest.FILE).toString(),
            "it is missing, though there is a log; restore it from a backup");
      }
      write(new Manifest(fresh, now, Manifest.Module.of(log), Manifest.Module.of(store), null));
      return fresh;
    }
    Manifest known = Manifest.read(folder);
    if (!known.log().type().equals(log.name()) || !known.store().type().equals(store.name())) {
      throw otherModules(known, log, store);
    }
    requireFormat("log", known.log(), log);
    requireFormat("store", known.store(), store);
    return known.uuid();
  }

  private UnsupportedException otherModules(Manifest known, Provider log, Provider store) {
    return new UnsupportedException(
        "other-module",
        folder
            + " was written with the log '"
            + known.log().type()
            + "' and the store '"
            + known.store().type()
            + "', not '"
            + log.name()
            + "' and '"
            + store.name()
            + "'; set millrace.log.type="
            + known.log().type()
            + " and millrace.store.type="
            + known.store().type()
            + ", or convert it: millrace convert --from "
            + folder
            + " --to "
            + folder
            + "-converted --log "
            + log.name()
            + " --store "
            + store.name());
  }

  private void requireFormat(String kind, Manifest.Module known, Provider chosen) {
    if (known.format() > chosen.formatVersion()) {
      throw new UnsupportedException(
          "later-format",
          folder
              + " was written by a later version of the "
              + kind
              + " '"
              + known.type()
              + "': format "
              + known.format()
              + ", and this version knows "
              + chosen.formatVersion());
    }
  }

  /** Writes the manifest, durably. */
  public void write(Manifest manifest) {
    try {
      manifest.write(folder);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private void begin(String what) {
    try {
      FolderFiles.replace(
          folder.resolve(UNFINISHED), (what + "\n").getBytes(StandardCharsets.UTF_8));
      for (String name : FolderFiles.names(folder)) {
        if (!name.equals(LOCK) && !name.equals(UNFINISHED)) {
          FolderFiles.deleteAll(folder.resolve(name));
        }
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /** Ends what {@link #takeToFill} began: everything is there, and durable. */
  public void finish() {
    try {
      FolderFiles.force(folder);
      Files.delete(folder.resolve(UNFINISHED));
      FolderFiles.force(folder);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private void requireFinished() {
    Path marker = folder.resolve(UNFINISHED);
    if (Files.exists(marker)) {
      throw new UnavailableException(
          "unfinished-folder",
          folder
              + " is not complete: it was being filled when that was interrupted, as "
              + marker
              + " says; do it again, or delete the folder");
    }
  }

  private static UnavailableException unusable(Path folder, IOException cause) {
    return new UnavailableException(
        "no-data-folder", "the data folder " + folder + " cannot be used: " + cause, cause);
  }

  /** Gives the folder back. */
  @Override
  public void close() {
    if (!lockFile.isOpen()) {
      return;
    }
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UnavailableException("no-data-folder", "the lock on " + folder + " is stuck", e);
    } finally {
      HELD.remove(real);
    }
  }
}
