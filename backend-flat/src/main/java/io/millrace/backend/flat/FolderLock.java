package io.millrace.backend.flat;

import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a folder, held while the store is open and before the engine is: engines mend
 * before they lock, or leave handles open when they find a lock taken.
 */
final class FolderLock implements AutoCloseable {
  static final String NAME = "millrace.lock";

  /**
   * The folders that this process has locked. When a process closes a file, through whichever
   * handle, POSIX gives its lock on that file away; so a locked one must not even be opened.
   */
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final Path real;

  private FolderLock(FileChannel channel, Path real) {
    this.channel = channel;
    this.real = real;
  }

  static FolderLock take(Path folder) {
    Path real = real(folder);
    if (!LOCKED.add(real)) {
      throw locked(folder);
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel =
          FileChannel.open(
              folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw locked(folder);
      }
      taken = true;
      return new FolderLock(channel, real);
    } catch (IOException e) {
      throw unusable(folder, e);
    } finally {
      if (!taken) {
        release(channel, real);
      }
    }
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static UnavailableException unusable(Path folder, IOException cause) {
    return new UnavailableException(
        "store-failed", "store " + folder + ": the folder cannot be written: " + cause, cause);
  }

  private static UnavailableException locked(Path folder) {
    return new UnavailableException(
        "store-locked",
        "store " + folder + ": another process, or another part of this one, has it open");
  }

  @Override
  public void close() {
    if (channel.isOpen()) {
      release(channel, real);
    }
  }

  private static void release(@Nullable FileChannel channel, Path real) {
    try {
      close(channel);
    } finally {
      LOCKED.remove(real);
    }
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UnavailableException("store-failed", "a store's lock could not be released", e);
      }
    }
  }
}
