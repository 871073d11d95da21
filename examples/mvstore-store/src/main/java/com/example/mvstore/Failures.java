package com.example.mvstore;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import java.io.EOFException;
import java.nio.file.Path;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/** Turns what MVStore throws into what the contract of a store says. */
final class Failures {
  private Failures() {}

  static MillraceException of(String tried, Path file, MVStoreException e) {
    String message = tried + " failed: " + e.getMessage();
    if (e.getCause() instanceof EOFException) {
      return corruption(message, file, e);
    }
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_CHUNK_NOT_FOUND ->
          corruption(message, file, e);
      case DataUtils.ERROR_UNSUPPORTED_FORMAT ->
          new UnsupportedException("store-format", file + ": " + message, e);
      case DataUtils.ERROR_FILE_LOCKED ->
          new UnavailableException("store-locked", file + ": another process has it open", e);
      default -> new UnavailableException("store-failed", file + ": " + message, e);
    };
  }

  private static CorruptionException corruption(String message, Path file, MVStoreException e) {
    return new CorruptionException(
        file.toString(), message + "; remove the folder, and it is built again", e);
  }

  static UnavailableException closed() {
    return new UnavailableException("store-closed", "the store has been closed; open it again");
  }
}
