package io.millrace.backend.flat;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of a store, as a folder. */
public final class FlatFolder {
  /** What the reader of a message about damage can do. */
  public static final String REMEDY =
      "an index is built again when its folder is removed; a log has to be restored from a backup";

  private FlatFolder() {}

  /**
   * Makes the folder; refuses one whose files the engine would take for rubbish and remove, or
   * write among.
   *
   * @param mark tells the name of a file that every database of the engine has
   * @param unfinished the names of what a crash leaves while a database is being made
   */
  public static void prepare(
      Path folder, String engineName, Predicate<String> mark, Pattern unfinished) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new CorruptionException(folder.toString(), "the store's folder is a file");
    }
    List<String> names;
    try {
      Files.createDirectories(folder);
      names = names(folder);
    } catch (IOException e) {
      throw new UnavailableException(
          "store-failed",
          "cannot use "
              + folder
              + " as the folder of a store (it must be possible to read and write it): "
              + e,
          e);
    }
    if (names.stream().anyMatch(mark)) {
      return;
    }
    names.stream()
        .filter(name -> !name.equals(FolderLock.NAME) && !unfinished.matcher(name).matches())
        .findAny()
        .ifPresent(
            name -> {
              throw new CorruptionException(
                  folder.toString(),
                  "there is a file "
                      + name
                      + ", but this is no "
                      + engineName
                      + " store, or a damaged one; "
                      + REMEDY);
            });
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** The bytes of all files in {@code folder}; files that vanish meanwhile do not count. */
  static long bytes(Path folder) {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += bytesOfFile(file);
      }
    } catch (IOException e) {
      throw new UnavailableException("store-failed", "store " + folder + ": cannot be measured", e);
    }
    return bytes;
  }

  private static long bytesOfFile(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Removes {@code folder} with everything in it, if it is there. */
  static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      Files.walkFileTree(folder, new Removal());
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
