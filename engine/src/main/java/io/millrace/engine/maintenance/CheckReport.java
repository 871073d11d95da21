package io.millrace.engine.maintenance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param findings in the order in which they were met; of a great many the first ones
 * @param omitted how many more findings there were
 * @param lost the sequences whose records are damaged or gone, as far as that can be told
 * @param lostDocuments the documents, as {@code bucket/id}, that have changes among them, as far as
 *     the index tells; of a great many the first ones
 * @param log what is in the log; null when it cannot be opened
 * @param index what the log makes of it; null when the log is damaged, so that it was not computed
 */
public record CheckReport(
    List<Finding> findings,
    long omitted,
    Outcome outcome,
    List<Span> lost,
    List<String> lostDocuments,
    @Nullable LogContent log,
    @Nullable IndexContent index) {
  /** What a check comes to. */
  public enum Outcome {
    /** Everything is as it should be. */
    CLEAN(0),
    /** Nothing is lost, but index or views have to be computed again. */
    REPAIRABLE(3),
    /** Something that was written is damaged or gone. */
    LOST(4);

    private final int exitCode;

    Outcome(int exitCode) {
      this.exitCode = exitCode;
    }

    /** With what a command that checks should end. */
    public int exitCode() {
      return exitCode;
    }
  }

  /** Sequences that follow one another, both ends included. */
  public record Span(long first, long last) {}

  /**
   * What is in a log.
   *
   * @param records that could be read
   * @param foreign revisions among them whose names were not computed by Millrace
   * @param digest SHA-256 over all records; null when not all could be read
   */
  public record LogContent(
      long last, long records, long commits, long foreign, @Nullable String digest) {}
}
