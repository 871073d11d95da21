package io.millrace.api.log;

/**
 * What is to become of records that a log has already, told to {@link Log#rewrite}.
 *
 * <p>Called by the thread that called {@code rewrite}. What a method throws ends the rewriting.
 */
public interface LogRewriting {
  /**
   * Whether a record from {@code first} to {@code last} may have to change. A log need not read
   * what lies between bounds for which this is false.
   */
  boolean concerns(long first, long last);

  /**
   * What is to be kept of a record. May be called more than once for a record, also for one that
   * was changed by an earlier rewriting, and must answer the same each time.
   *
   * @param record not to be changed
   * @return {@code record} itself when it stays as it is, otherwise what takes its place, which is
   *     handed over
   */
  byte[] keep(long sequence, byte[] record);

  /**
   * Notes progress; called often. It may wait, so that the work takes no more of the machine than
   * it should.
   *
   * @param bytes read or written since the last call
   * @param reclaimed how much less space is taken since the last call; negative for more
   */
  void worked(long bytes, long reclaimed);
}
