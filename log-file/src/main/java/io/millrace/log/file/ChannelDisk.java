package io.millrace.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The file system of the machine. */
final class ChannelDisk implements Disk {
  private static final String LOCK_FILE = "lock";

  /**
   * The folders that this process has locked. When a process closes a file, through whichever
   * handle, POSIX gives its lock on that file away; so a locked one must not even be opened.
   */
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  @Override
  public void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder);
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        forceFolder(parent);
      }
    }
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Override
  public DiskFile openForReading(Path file) throws IOException {
    return new ChannelFile(file, StandardOpenOption.READ);
  }

  @Override
  public DiskFile openForWriting(Path file) throws IOException {
    return new ChannelFile(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file);
    return openForWriting(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
      return true;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // Another file system, or one without links, or without the right to make them: the copy that
      // is made instead fails with a better reason if that is not all.
      return false;
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Closeable lock(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!LOCKED.add(real)) {
      throw new OverlappingFileLockException();
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new OverlappingFileLockException();
      }
      locked = true;
      return unlocking(channel, real);
    } finally {
      if (!locked) {
        unlocking(channel, real).close();
      }
    }
  }

  private static Closeable unlocking(@Nullable FileChannel channel, Path folder) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        try {
          if (channel != null) {
            channel.close();
          }
        } finally {
          LOCKED.remove(folder);
        }
      }
    };
  }
}
