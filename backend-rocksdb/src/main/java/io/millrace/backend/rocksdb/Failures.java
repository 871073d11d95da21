package io.millrace.backend.rocksdb;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Turns the library's errors into ours. */
final class Failures {
  private Failures() {}

  /**
   * @param what was tried, for example {@code writing a batch}
   */
  static MillraceException of(String what, Path folder, RocksDBException e) {
    Status status = e.getStatus();
    String detail = what + " failed: " + e.getMessage();
    if (status == null) {
      return new UnavailableException("store-failed", at(folder, detail), e);
    }
    return switch (status.getCode()) {
      case Corruption -> new CorruptionException(folder.toString(), detail, e);
      case NotSupported, InvalidArgument ->
          // The options are read from a file, too, and called wrong when it cannot be opened.
          detail.contains("IO error")
              ? unavailable(status, folder, detail, e)
              : new UnsupportedException("store-format", at(folder, detail), e);
      default ->
          // A file that was there, since RocksDB knows of it.
          String.valueOf(status.getState()).contains("No such file")
              ? new CorruptionException(folder.toString(), detail, e)
              : unavailable(status, folder, detail, e);
    };
  }

  private static UnavailableException unavailable(
      Status status, Path folder, String detail, RocksDBException e) {
    String state = String.valueOf(status.getState());
    if (status.getSubCode() == Status.SubCode.NoSpace || state.contains("No space left")) {
      return new UnavailableException(
          "store-full",
          at(folder, "the disk is full; make room, it goes on by itself then (" + detail + ")"),
          e);
    }
    if (state.contains("lock hold by") || state.contains("While lock file")) {
      return new UnavailableException(
          "store-locked",
          at(folder, "another process, or another part of this one, has the store open"),
          e);
    }
    return new UnavailableException("store-failed", at(folder, detail), e);
  }

  private static String at(Path folder, String detail) {
    return "RocksDB store " + folder + ": " + detail;
  }
}
