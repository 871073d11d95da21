package io.millrace.tck.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a folder and of those in it, by their paths relative to it. */
record Image(List<Path> folders, Map<Path, byte[]> files) {
  /** Reads a folder that nobody writes to. */
  static Image of(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> sorted = all.sorted().toList();
      Map<Path, byte[]> files = new TreeMap<>();
      for (Path path : sorted) {
        if (Files.isRegularFile(path)) {
          files.put(folder.relativize(path), Files.readAllBytes(path));
        }
      }
      return new Image(
          sorted.stream().filter(Files::isDirectory).map(folder::relativize).toList(), files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same with another content of one file.
   *
   * @param bytes null for no such file
   */
  Image with(Path file, byte @Nullable [] bytes) {
    Map<Path, byte[]> changed = new TreeMap<>(files);
    if (bytes == null) {
      changed.remove(file);
    } else {
      changed.put(file, bytes);
    }
    return new Image(folders, changed);
  }

  /** Makes {@code folder} with all this in it. */
  void writeTo(Path folder) {
    try {
      for (Path path : folders) {
        Files.createDirectories(folder.resolve(path));
      }
      for (Map.Entry<Path, byte[]> file : files.entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
