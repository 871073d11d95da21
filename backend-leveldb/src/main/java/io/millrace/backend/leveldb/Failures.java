package io.millrace.backend.leveldb;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.backend.flat.FlatFolder;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Turns the library's errors, which are told apart by their words alone, into ours. */
final class Failures {
  /** What it says when it wants to read behind the end of a table. */
  private static final Pattern SHORT_TABLE = Pattern.compile("\\.sst: Invalid argument");

  private Failures() {}

  /**
   * @param what was tried, for example {@code writing a batch}
   */
  static MillraceException of(String what, Path folder, Exception e) {
    // Iterators wrap what they throw, and nothing else says why.
    String words =
        String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    String detail = what + " failed: " + words;
    if (words.contains("Corruption")
        || words.contains("No such file")
        || words.contains("not an sstable")
        || SHORT_TABLE.matcher(words).find()) {
      return new CorruptionException(folder.toString(), detail + "; " + FlatFolder.REMEDY, e);
    }
    if (words.contains("Invalid argument")) {
      return new UnsupportedException("store-format", at(folder, detail), e);
    }
    if (words.contains("No space left")) {
      return new UnavailableException(
          "store-full", at(folder, "the disk is full; make room (" + detail + ")"), e);
    }
    if (words.contains("LOCK")) {
      return new UnavailableException(
          "store-locked", at(folder, "another process has the store open"), e);
    }
    return new UnavailableException("store-failed", at(folder, detail), e);
  }

  static String at(Path folder, String detail) {
    return "LevelDB store " + folder + ": " + detail;
  }
}
