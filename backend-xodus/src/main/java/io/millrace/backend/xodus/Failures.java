package io.millrace.backend.xodus;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.backend.flat.FlatFolder;
import java.io.IOException;
import java.nio.file.Path;
import jetbrains.exodus.ExodusException;
import org.jspecify.annotations.Nullable;

/** Turns the library's errors into ours. */
final class Failures {
  private Failures() {}

  /**
   * @param what was tried, for example {@code writing a batch}
   * @param e anything: damaged pages make the library stumble in many ways
   */
  static MillraceException of(String what, Path folder, RuntimeException e) {
    String detail = what + " failed: " + e;
    IOException io = ioCause(e);
    if (io == null && !(e instanceof ExodusException)) {
      return damaged(folder, detail, e);
    }
    if (io == null) {
      String words = String.valueOf(e.getMessage());
      if (words.contains("lock")) {
        return new UnavailableException(
            "store-locked",
            at(folder, "another process, or another part of this one, has the store open"),
            e);
      }
      return damaged(folder, detail, e);
    }
    return unavailable(what, folder, io);
  }

  static UnavailableException unavailable(String what, Path folder, IOException e) {
    String detail = what + " failed: " + e;
    return String.valueOf(e.getMessage()).contains("No space left")
        ? new UnavailableException(
            "store-full", at(folder, "the disk is full; make room (" + detail + ")"), e)
        : new UnavailableException("store-failed", at(folder, detail), e);
  }

  private static CorruptionException damaged(Path folder, String detail, RuntimeException e) {
    return new CorruptionException(folder.toString(), detail + "; " + FlatFolder.REMEDY, e);
  }

  private static @Nullable IOException ioCause(Throwable e) {
    Throwable cause = e;
    while (cause != null && !(cause instanceof IOException)) {
      cause = cause.getCause();
    }
    return (IOException) cause;
  }

  static String at(Path folder, String detail) {
    return "Xodus store " + folder + ": " + detail;
  }
}
