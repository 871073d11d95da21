package io.millrace.api;

import io.millrace.api.document.CommitDigest;
import org.jspecify.annotations.Nullable;

/**
 * What came out of verifying commits.
 *
 * @param from the first sequence of the first commit
 * @param to the last sequence of the last commit
 * @param commits how many were verified
 * @param digest of the last commit, and so of everything until then; null when it was not reached.
 *     Noted elsewhere, it proves later that nothing was altered
 * @param at where something is wrong; null when nothing is, or the place is in {@code reason}
 * @param reason what is wrong; null when nothing is
 */
public record LogVerification(
    long from,
    long to,
    long commits,
    @Nullable CommitDigest digest,
    @Nullable Long at,
    @Nullable String reason) {
  /** Whether every commit is what it was when the next one was written. */
  public boolean ok() {
    return reason == null;
  }
}
