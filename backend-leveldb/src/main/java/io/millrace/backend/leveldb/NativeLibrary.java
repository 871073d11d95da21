package io.millrace.backend.leveldb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DBFactory;

/**
 * The native code, loaded once in a process.
 *
 * <p>It is unpacked into a folder of its own under {@code java.io.tmpdir}, which is removed as soon
 * as the code is loaded: left to the end of the process, a kill would leave it for ever. Where a
 * loaded library cannot be removed, as on Windows, it is left to that end.
 */
final class NativeLibrary {
  /** Where the binding unpacks it; an operator may have set it. */
  private static final String PLACE = "library.leveldbjni.path";

  private NativeLibrary() {}

  /**
   * Loads it unless it is loaded.
   *
   * @throws LinkageError when there is none for this platform, or no place to unpack it
   */
  static DBFactory factory() {
    return Loaded.FACTORY;
  }

  private static final class Loaded {
    static final DBFactory FACTORY = load();

    private static DBFactory load() {
      if (System.getProperty(PLACE) != null) {
        return JniDBFactory.factory;
      }
      Path place;
      try {
        place = Files.createTempDirectory("millrace-leveldb-");
      } catch (IOException e) {
        throw new UnsatisfiedLinkError("no place to unpack it: " + e);
      }
      System.setProperty(PLACE, place.toString());
      try {
        return JniDBFactory.factory;
      } finally {
        System.clearProperty(PLACE);
        remove(place);
      }
    }

    private static void remove(Path place) {
      try (Stream<Path> files = Files.list(place)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
        Files.delete(place);
      } catch (IOException e) {
        place.toFile().deleteOnExit(); // in use; the binding has its file deleted then, too
      }
    }
  }
}
