package io.millrace.backend.rocksdb;

import io.millrace.api.error.UnsupportedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * Loads RocksDB's native code, which lies in its jar and has to be unpacked into a file first.
 *
 * <p>The file is removed as soon as it is loaded, where a loaded file can be removed, as it can on
 * everything but Windows: so a process that is killed leaves none of its 17 MB behind. An operator
 * who sets {@code ROCKSDB_SHAREDLIB_DIR} has it there, and it stays.
 */
final class NativeLibrary {
  private static final String OWN_PLACE = "ROCKSDB_SHAREDLIB_DIR";

  private NativeLibrary() {}

  /**
   * Loads it unless that was done.
   *
   * @throws UnsupportedException when it cannot be unpacked or loaded
   */
  static void load() {
    try {
      boolean loaded = RocksDB.rocksdbVersion() != null;
      if (!loaded && System.getenv(OWN_PLACE) == null) {
        unpackLoadAndRemove();
      }
      RocksDB.loadLibrary();
    } catch (IOException | UnsatisfiedLinkError | RuntimeException e) {
      throw new UnsupportedException(
          "native-library-missing",
          "RocksDB's native library cannot be loaded on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + " (it is unpacked to java.io.tmpdir, which must be writable and allow execution): "
              + e,
          e);
    }
  }

  private static void unpackLoadAndRemove() throws IOException {
    Path folder = Files.createTempDirectory("millrace-rocksdb-");
    try {
      // RocksDB itself, which asks the same loader, finds it loaded.
      NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) {
    try {
      for (Path file : files(folder)) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // In use, as on Windows; RocksDB has it removed at the end of the process.
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
