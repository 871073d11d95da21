package io.millrace.backend.flat;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Copies all rows of one moment into a fresh engine. */
final class Checkpoint {
  private static final long BYTES_AT_ONCE = 1 << 20;
  private static final byte[] FIRST = FlatKeyspace.prefix(KeyspaceRegistry.REGISTRY_ID);
  private static final byte[] END = FlatKeyspace.prefix(-1);

  private final FlatEngine.Opener opener;
  private final Path source;

  Checkpoint(FlatEngine.Opener opener, Path source) {
    this.opener = opener;
    this.source = source;
  }

  void write(FlatMoment moment, Path target) {
    if (Files.exists(target)) {
      throw new InvalidRequestException(
          "checkpoint-exists", "cannot write a checkpoint to " + target + ": it is there already");
    }
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new InvalidRequestException(
          "checkpoint-parent", "cannot write a checkpoint to " + target + ": no parent folder");
    }
    Path partial = parent.resolve(target.getFileName() + ".partial");
    try {
      FlatFolder.remove(partial);
      Files.createDirectory(partial);
      try (FlatEngine copy = opener.open(partial)) {
        copyRows(moment, copy);
        copy.flush();
      } catch (RuntimeException | Error e) {
        FlatFolder.remove(partial);
        throw e;
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UnavailableException(
          "store-failed", "store " + source + ": writing a checkpoint to " + target + " failed", e);
    }
  }

  private static void copyRows(FlatMoment moment, FlatEngine copy) {
    List<FlatChange> some = new ArrayList<>();
    long bytes = 0;
    try (FlatWalk rows = moment.walk(FIRST, END, false)) {
      while (rows.advance()) {
        FlatChange row = new FlatChange(rows.key(), rows.value());
        some.add(row);
        bytes += row.bytes();
        if (bytes >= BYTES_AT_ONCE) {
          copy.write(some);
          some = new ArrayList<>();
          bytes = 0;
        }
      }
    }
    if (!some.isEmpty()) {
      copy.write(some);
    }
  }
}
