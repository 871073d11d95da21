package io.millrace.engine.folder;

import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files and folders, written so that they are there after a loss of power. */
public final class FolderFiles {
  private static final int BLOCK_BYTES = 1 << 20;

  private FolderFiles() {}

  /** Writes a file, durably, as a whole or not at all; replaces what is there. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeAll(channel, ByteBuffer.wrap(content));
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(file.toAbsolutePath().getParent());
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Makes the content of a file, or the names in a folder, durable. */
  public static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Makes everything in {@code folder} durable, and the names in it. */
  public static void forceAll(Path folder) throws IOException {
    for (Path path : below(folder)) {
      force(path);
    }
  }

  /**
   * Copies the folder {@code from} with all that is in it, durably.
   *
   * @param to must not exist
   * @param copied is told the length of each part that was copied
   */
  public static void copyAll(Path from, Path to, LongConsumer copied) throws IOException {
    for (Path path : below(from)) {
      Path copy = to.resolve(from.relativize(path).toString());
      if (Files.isDirectory(path)) {
        Files.createDirectory(copy);
      } else {
        copy(path, copy, copied);
      }
    }
    forceAll(to);
  }

  private static void copy(Path from, Path to, LongConsumer copied) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (in.read(block.clear()) >= 0) {
        copied.accept(block.flip().remaining());
        writeAll(out, block);
      }
    }
  }

  /** Removes a file, or a folder with all that is in it; does nothing when it is missing. */
  public static void deleteAll(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path one : below(path).stream().sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }

  /** {@code folder} and everything in it, each folder before its content. */
  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The names in {@code folder}, in order; none when it does not exist. */
  public static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  /** The bytes of all files below {@code part}; 0 when there is nothing. */
  public static long sizeOf(Path part) {
    return sum(part, false);
  }

  /** As {@link #sizeOf}, of those files alone that have a further name elsewhere. */
  public static long linkedSizeOf(Path part) {
    return sum(part, true);
  }

  private static long sum(Path part, boolean linkedOnly) {
    Sum sum = new Sum(linkedOnly);
    try {
      Files.walkFileTree(part, sum);
    } catch (IOException e) {
      throw new UnavailableException("no-data-folder", part + " cannot be listed: " + e, e);
    }
    return sum.bytes;
  }

  /** Adds up what is there; files that are removed meanwhile do not count. */
  private static final class Sum extends SimpleFileVisitor<Path> {
    private final boolean linkedOnly;
    private long bytes;

    Sum(boolean linkedOnly) {
      this.linkedOnly = linkedOnly;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      try {
        if (attributes.isRegularFile() && (!linkedOnly || links(file) > 1)) {
          bytes += attributes.size();
        }
      } catch (NoSuchFileException e) {
        return FileVisitResult.CONTINUE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failure);
    }
  }

  /** How many names the file has; 1 where the file system does not tell. */
  private static int links(Path file) throws IOException {
    try {
      return (Integer) Files.getAttribute(file, "unix:nlink");
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return 1;
    }
  }
}
