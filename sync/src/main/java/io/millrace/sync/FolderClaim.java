package io.millrace.sync;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The right to use a folder alone: a locked file that names the store in it. */
final class FolderClaim implements AutoCloseable {
  private static final int LONGEST_NAME = 100;

  private final FileChannel file;

  private FolderClaim(FileChannel file) {
    this.file = file;
  }

  static FolderClaim take(Path folder, String storeType) {
    try {
      Files.createDirectories(folder);
      FileChannel file =
          FileChannel.open(
              folder.resolve("sync.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        if (lock(file) == null) {
          throw new UnavailableException(
              "folder-in-use", "the documents in " + folder + " are open already");
        }
        requireStore(file, folder, storeType);
        return new FolderClaim(file);
      } catch (RuntimeException | IOException | Error e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UnavailableException(
          "folder-unusable", "the folder " + folder + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void requireStore(FileChannel file, Path folder, String storeType)
      throws IOException {
    ByteBuffer named = ByteBuffer.allocate(LONGEST_NAME);
    file.read(named, 0);
    String found = StandardCharsets.UTF_8.decode(named.flip()).toString();
    if (found.isEmpty()) {
      file.write(StandardCharsets.UTF_8.encode(storeType), 0);
      file.force(true);
    } else if (!found.equals(storeType)) {
      throw new InvalidRequestException(
          "wrong-store",
          "the documents in " + folder + " are in the store " + found + ", not " + storeType);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UnavailableException(
          "folder-unusable", "the folder could not be let go: " + e.getMessage(), e);
    }
  }
}
