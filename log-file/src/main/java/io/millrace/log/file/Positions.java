package io.millrace.log.file;

/**
 * Where the records of one segment are: a dense table from index (sequence minus first sequence) to
 * position in the file.
 *
 * <p>Holds one position more than there are records, the end of the last frame, so that the length
 * of every frame is known before it is read.
 */
interface Positions {
  /** Where the frame at {@code index} begins and the one before it ends. */
  long position(int index);
}
