package io.millrace.backend.leveldb;

import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Refuses to write when the disk is nearly full, with room left for the files that are being
 * merged.
 *
 * <p>Asks the operating system once for each MiB written, at every write while it is full, and
 * before each force. For one thread at a time.
 */
final class DiskSpace {
  private static final long BYTES_BETWEEN_LOOKS = 1 << 20;

  /** LevelDB maps its log in pieces of up to a MiB, and tables likewise. */
  private static final long BYTES_OF_LONGER_LOG = 4 << 20;

  private static final long LEAST_RESERVE = 64L << 20;

  /** How many bytes are free. */
  interface Source {
    /** Asks. */
    long usableBytes() throws IOException;
  }

  private final Path folder;
  private final Source source;
  private final long reserve;
  private long unlooked = BYTES_BETWEEN_LOOKS;

  DiskSpace(Path folder, Source source, long reserve) {
    this.folder = folder;
    this.source = source;
    this.reserve = reserve;
  }

  static DiskSpace of(Path folder, long writeBufferBytes) throws IOException {
    FileStore disk = Files.getFileStore(folder);
    return new DiskSpace(
        folder, disk::getUsableSpace, Math.max(LEAST_RESERVE, 4 * writeBufferBytes));
  }

  /** Refuses unless {@code bytes} more can be written. */
  void require(long bytes) {
    unlooked += bytes;
    if (unlooked >= BYTES_BETWEEN_LOOKS) {
      requireNow(reserve + bytes);
      unlooked = 0;
    }
  }

  /** Refuses unless LevelDB can make its log longer, as it may for a single row. */
  void requireForForcing() {
    requireNow(BYTES_OF_LONGER_LOG);
  }

  /** Refuses unless LevelDB can write what it finds in its logs to tables, as when it is opened. */
  void requireForOpening(long writeBufferBytes) {
    requireNow(BYTES_OF_LONGER_LOG + 3 * writeBufferBytes);
  }

  private void requireNow(long needed) {
    long usable;
    try {
      usable = source.usableBytes();
    } catch (IOException e) {
      throw new UnavailableException(
          "store-failed", Failures.at(folder, "its disk cannot be asked for free space"), e);
    }
    if (usable < needed) {
      throw new UnavailableException(
          "store-full",
          Failures.at(
              folder,
              "the disk is nearly full: "
                  + usable
                  + " bytes are free, and "
                  + needed
                  + " are needed; make room, it goes on by itself then"));
    }
  }
}
