package io.millrace.replication.zmq;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads Zstandard's native code, which lies in its jar and has to be unpacked into a file first.
 *
 * <p>The file is removed as soon as it is loaded, where a loaded file can be removed, as it can on
 * everything but Windows: so a process that is killed leaves nothing behind. An operator who sets
 * the system property {@code ZstdNativePath} has it there, and it stays.
 */
final class NativeLibrary {
  private static final Logger LOG = System.getLogger(NativeLibrary.class.getName());
  private static final String OWN_PLACE = "ZstdNativePath";

  private NativeLibrary() {}

  /** Loads it unless that was done; where it cannot be loaded, frames travel as they are. */
  static void load() {
    try {
      if (Native.isLoaded()) {
        return;
      }
      if (System.getProperty(OWN_PLACE) == null) {
        unpackLoadAndRemove();
      } else {
        Native.load();
      }
    } catch (IOException | UnsatisfiedLinkError | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "frames are not compressed, since Zstandard's native library cannot be loaded (it is"
              + " unpacked to java.io.tmpdir, which must be writable and allow execution): "
              + e);
    }
  }

  static boolean isLoaded() {
    return Native.isLoaded();
  }

  private static void unpackLoadAndRemove() throws IOException {
    Path folder = Files.createTempDirectory("millrace-zstd-");
    try {
      Native.load(folder.toFile());
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) {
    try {
      for (Path file : files(folder)) {
        Files.deleteIfExists(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // In use, as on Windows; the library has it removed at the end of the process.
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
