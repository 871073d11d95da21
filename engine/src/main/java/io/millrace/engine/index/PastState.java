package io.millrace.engine.index;

/**
 * What a document was at a moment.
 *
 * @param sequence the newest change at or before the moment
 * @param row what that change did
 */
public record PastState(long sequence, HistoryRow row) {
  /** The change that made the winner. */
  public long winnerSequence() {
    return row.winnerSequence();
  }

  /**
   * Whether the newest change made the winner, so that {@code row} describes it; otherwise a losing
   * branch changed, and the log alone knows what the winner is.
   */
  public boolean describesWinner() {
    return row.winnerSequence() == sequence;
  }
}
