package io.millrace.engine.sync;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.sync.SyncServer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client has reached: {@code SEQUENCE-SEAL}, or {@code SEQUENCE.BEGUN-SEAL} until it has
 * reached where the bucket was when it began.
 *
 * @param sequence everything up to it was given to the client; compared as a number
 * @param begun the newest sequence when the client began: it never saw what was purged before
 * @param seal what the sequences stand for in this log
 */
record Cid(long sequence, long begun, String seal) {
  private static final Pattern FORM =
      Pattern.compile("(0|[1-9]\\d{0,17})(?:\\.([1-9]\\d{0,17}))?-([0-9a-f]{16})");

  /** The cid of a client that has seen nothing. */
  private static final Cid START = new Cid(0, 0, "");

  /**
   * Reads the text form.
   *
   * @throws InvalidRequestException with the code {@code invalid-cid}
   */
  static Cid parse(String text) {
    if (text.equals(SyncServer.START)) {
      return START;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new InvalidRequestException(
          "invalid-cid",
          "a cid is what an earlier answer named, as it stood there, or " + SyncServer.START);
    }
    long sequence = Long.parseLong(form.group(1));
    long begun = form.group(2) == null ? sequence : Long.parseLong(form.group(2));
    return new Cid(sequence, Math.max(sequence, begun), form.group(3));
  }

  boolean isStart() {
    return seal.isEmpty();
  }

  @Override
  public String toString() {
    if (isStart()) {
      return SyncServer.START;
    }
    return sequence + (begun > sequence ? "." + begun : "") + "-" + seal;
  }
}
