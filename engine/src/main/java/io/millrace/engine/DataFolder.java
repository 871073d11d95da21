package io.millrace.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.spi.Provider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of a database, held by one process at a time: who it is ({@code millrace.json}), who
 * holds it ({@code lock}), and the folders of its log and its store.
 */
final class DataFolder implements AutoCloseable {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();
  private static final int FORMAT = 1;
  private static final int MAX_HOLDER_BYTES = 200;

  private final Path folder;
  private final FileChannel lockFile;
  private final FileLock lock;

  private DataFolder(Path folder, FileChannel lockFile, FileLock lock) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Takes the folder, made if it is not there.
   *
   * @throws UnavailableException when another process holds it, or it cannot be used
   */
  static DataFolder take(Path folder, Instant now) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UnavailableException("no-data-folder", folder + " is a file, not a folder");
    }
    FileChannel file = null;
    try {
      Files.createDirectories(folder);
      file =
          FileChannel.open(
              folder.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      FileLock lock = tryLock(file);
      if (lock == null) {
        String holder = holder(file);
        file.close();
        throw new UnavailableException(
            "data-folder-in-use", "the data folder " + folder + " is held by " + holder);
      }
      String self = "process " + ProcessHandle.current().pid() + " since " + now + "\n";
      file.truncate(0);
      file.write(ByteBuffer.wrap(self.getBytes(StandardCharsets.UTF_8)), 0);
      return new DataFolder(folder, file, lock);
    } catch (IOException e) {
      closeQuietly(file, e);
      throw new UnavailableException(
          "no-data-folder", "the data folder " + folder + " cannot be used: " + e, e);
    }
  }

  private static FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
      return null;
    }
  }

  private static void closeQuietly(FileChannel file, IOException cause) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private static String holder(FileChannel file) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_BYTES);
    file.read(text, 0);
    String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    return holder.isEmpty() ? "another process" : holder;
  }

  /** Where the log is. */
  Path log() {
    return folder.resolve("log");
  }

  /** Where the store is. */
  Path store() {
    return folder.resolve("store");
  }

  /**
   * The identity of the database, made with {@code fresh} if the folder is new.
   *
   * @throws UnsupportedException when the data was written with other modules, or by a later
   *     version
   */
  UUID identify(UUID fresh, Instant now, Provider log, Provider store) {
    Path manifest = folder.resolve("millrace.json");
    try {
      if (!Files.exists(manifest)) {
        if (Files.exists(log())) {
          // Written before anything else: without it nobody knows which database this is.
          throw new CorruptionException(
              manifest.toString(),
              "it is missing, though there is a log; restore it from a backup");
        }
        write(manifest, fresh, now, log, store);
        return fresh;
      }
      ObjectNode known = (ObjectNode) MAPPER.readTree(Files.readAllBytes(manifest));
      if (known.path("format").asInt() != FORMAT) {
        throw new UnsupportedException(
            "unknown-data-format",
            manifest + " has format " + known.path("format") + "; this version knows " + FORMAT);
      }
      if (!known.path("log").path("type").isTextual()
          || !known.path("store").path("type").isTextual()) {
        throw new CorruptionException(manifest.toString(), "it does not name log and store");
      }
      check(known, "log", log);
      check(known, "store", store);
      return UUID.fromString(known.path("uuid").asText());
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw new CorruptionException(manifest.toString(), "it cannot be read: " + e, e);
    }
  }

  private void check(ObjectNode known, String kind, Provider chosen) {
    String name = known.path(kind).path("type").asText();
    int format = known.path(kind).path("format").asInt();
    if (!name.equals(chosen.name())) {
      throw new UnsupportedException(
          "other-module",
          folder
              + " was written with the "
              + kind
              + " '"
              + name
              + "', not '"
              + chosen.name()
              + "'; set millrace."
              + kind
              + ".type="
              + name
              + " or choose another data folder");
    }
    if (format > chosen.formatVersion()) {
      throw new UnsupportedException(
          "later-format",
          folder
              + " was written by a later version of the "
              + kind
              + " '"
              + name
              + "': format "
              + format
              + ", and this version knows "
              + chosen.formatVersion());
    }
  }

  private void write(Path manifest, UUID uuid, Instant now, Provider log, Provider store)
      throws IOException {
    ObjectNode content = MAPPER.createObjectNode();
    content.put("format", FORMAT);
    content.put("uuid", uuid.toString());
    content.put("created", now.toString());
    content.putObject("log").put("type", log.name()).put("format", log.formatVersion());
    content.putObject("store").put("type", store.name()).put("format", store.formatVersion());
    Path unfinished = folder.resolve("millrace.json.new");
    try (FileChannel file =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes =
          ByteBuffer.wrap(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(unfinished, manifest, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** The bytes of all files below {@code part}. */
  static long sizeOf(Path part) {
    if (!Files.isDirectory(part)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(part, new FileVisitOption[0])) {
      return files.mapToLong(DataFolder::length).sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new UnavailableException("no-data-folder", part + " cannot be listed: " + e, e);
    }
  }

  private static long length(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      // Removed since it was listed.
      return 0;
    } catch (IOException e) {
      throw new UnavailableException("no-data-folder", file + " cannot be read: " + e, e);
    }
  }

  /** Gives the folder back. */
  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UnavailableException("no-data-folder", "the lock on " + folder + " is stuck", e);
    }
  }
}
