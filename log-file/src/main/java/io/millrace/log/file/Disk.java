package io.millrace.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the log needs of a file system, and the seam at which tests make it fail.
 *
 * <p>A file's bytes are durable after {@link DiskFile#force()}; that a file exists under its name
 * is durable after {@link #forceFolder(Path)}.
 *
 * <p>Safe for use by many threads.
 */
interface Disk {
  /** Makes {@code folder}, durably, if it does not exist; its parent must. */
  void createFolder(Path folder) throws IOException;

  /** The names of the files in {@code folder}, in no order. */
  List<String> list(Path folder) throws IOException;

  /** Opens an existing file for reading alone. */
  DiskFile openForReading(Path file) throws IOException;

  /** Opens an existing file for reading and writing. */
  DiskFile openForWriting(Path file) throws IOException;

  /** Makes an empty file, or empties the one that is there, for reading and writing. */
  DiskFile create(Path file) throws IOException;

  /** Renames atomically; replaces what is there. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Gives the file {@code from} the further name {@code to}.
   *
   * @return false when that cannot be done here, for instance across file systems
   */
  boolean link(Path from, Path to) throws IOException;

  /** Deletes a file; does nothing when it is missing. */
  void delete(Path file) throws IOException;

  /** Makes names given and taken in {@code folder} durable. */
  void forceFolder(Path folder) throws IOException;

  /**
   * Keeps every other user, of this process or another, out of {@code folder}.
   *
   * @return releases the folder
   * @throws java.nio.channels.OverlappingFileLockException when it is locked by this process
   * @throws IOException when it is locked by another
   */
  Closeable lock(Path folder) throws IOException;
}
