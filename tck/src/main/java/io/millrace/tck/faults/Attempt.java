package io.millrace.tck.faults;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * To open it, to read and to write where something is missing for that. Whatever cannot be done is
 * refused in the way that is meant for it, and what can be done is right.
 */
final class Attempt {
  private static final int BATCHES = 30;

  private final Subject subject;
  private final Path folder;
  private final int there;
  private @Nullable MillraceException refusal;
  private int forced;
  private int written;

  /**
   * @param there how many batches are there
   */
  Attempt(Subject subject, Path folder, int there) {
    this.subject = subject;
    this.folder = folder;
    this.there = there;
    this.forced = there;
    this.written = there;
  }

  /** Tries; returns what was refused, if anything was. */
  @Nullable MillraceException run() {
    Session session;
    try {
      session = subject.open(folder);
    } catch (UnavailableException e) {
      refusal = e;
      return refusal;
    }
    try {
      Finding finding = session.read(there);
      if (finding.damage() != null || finding.batches() != there) {
        throw new AssertionError("of " + there + " batches there is " + finding);
      }
      write(session);
    } catch (UnavailableException | UnknownOutcomeException e) {
      refusal = e;
    } finally {
      close(session);
    }
    return refusal;
  }

  private void write(Session session) {
    for (int i = 0; i < BATCHES; i++) {
      session.write(++written);
      session.force();
      forced = written;
    }
  }

  /** Up to where batches are durable. */
  int forced() {
    return forced;
  }

  /** The last batch that may be there. */
  int written() {
    return written;
  }

  /** Closes it, which may say that something is lost, but must end it. */
  static void close(Session session) {
    try {
      session.close();
    } catch (UnavailableException | UnknownOutcomeException e) {
      session.close();
    }
  }

  /** The code with which opening is refused. */
  static String refusal(Subject subject, Path folder) {
    try {
      subject.open(folder).close();
      return "opened";
    } catch (UnavailableException e) {
      return e.code() + ": " + e.getMessage().lines().findFirst().orElse("");
    }
  }
}
