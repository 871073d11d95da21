package io.millrace.tck.faults;

import io.millrace.api.error.UnavailableException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps other processes, and other parts of this one, out of a folder. */
final class FolderLock implements Closeable {
  /**
   * What this process has locked. When a process closes a file, through whichever handle, POSIX
   * gives its lock on that file away; so a locked one must not even be opened.
   */
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  private final @Nullable Path folder;
  private final @Nullable FileChannel channel;

  private FolderLock(@Nullable Path folder, @Nullable FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  static FolderLock none() {
    return new FolderLock(null, null);
  }

  static FolderLock take(Path folder, Flaw flaw) throws IOException {
    if (flaw == Flaw.TAKES_NO_LOCK) {
      return none();
    }
    Path real = folder.toRealPath();
    if (flaw != Flaw.LOSES_ITS_LOCK_WHEN_ASKED_AGAIN && !LOCKED.add(real)) {
      throw refusal(folder);
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      locked = channel.tryLock() != null;
      if (!locked) {
        throw refusal(folder);
      }
      return new FolderLock(real, channel);
    } catch (OverlappingFileLockException e) {
      throw refusal(folder);
    } finally {
      if (!locked) {
        new FolderLock(real, channel).close();
      }
    }
  }

  private static UnavailableException refusal(Path folder) {
    return new UnavailableException("records-locked", folder + " is in use");
  }

  @Override
  public void close() throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      if (folder != null) {
        LOCKED.remove(folder);
      }
    }
  }
}
