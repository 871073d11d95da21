package io.millrace.api.document;

import io.millrace.api.error.InvalidRequestException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;

/**
 * What is looked back at: right after a sequence, at a time, the present, or a revision of one
 * document.
 *
 * <p>A time stands for the last sequence that was committed at it or before it. A sequence within a
 * commit stands for the changes of that commit up to it.
 */
public sealed interface Moment {
  /** Right after {@code sequence}. */
  static Moment of(long sequence) {
    return new AtSequence(sequence);
  }

  /** At {@code time}. */
  static Moment of(Instant time) {
    return new AtTime(time);
  }

  /** When a document had the state called {@code revision}; for documents alone. */
  static Moment of(Revision revision) {
    return new AtRevision(revision);
  }

  /** Now. */
  static Moment present() {
    return Present.INSTANCE;
  }

  /**
   * Reads a sequence in digits, a time of RFC 3339, which has a zone, or a revision.
   *
   * @throws InvalidRequestException with the code {@code invalid-moment} and a message that says
   *     what {@code text} must be
   */
  static Moment parse(String text) {
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return of(Long.parseLong(text));
      } catch (NumberFormatException e) {
        throw refused("must be a sequence of at most " + Long.MAX_VALUE, text);
      }
    }
    if (text.length() > Revision.DIGEST_BYTES * 2 && text.indexOf(':') < 0) {
      return of(Revision.parse(text));
    }
    try {
      return of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw refused(
          withoutZone(text)
              ? "must be a time with its zone, such as 2026-01-31T12:00:00Z or"
                  + " 2026-01-31T12:00:00+01:00"
              : "must be a sequence, or a time such as 2026-01-31T12:00:00Z",
          text);
    }
  }

  private static boolean withoutZone(String text) {
    try {
      DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDate::from);
      return true;
    } catch (DateTimeException e) {
      try {
        LocalDate.parse(text);
        return true;
      } catch (DateTimeException noDate) {
        return false;
      }
    }
  }

  private static InvalidRequestException refused(String what, String text) {
    return new InvalidRequestException("invalid-moment", what + ", not " + Shown.of(text));
  }

  /** See {@link Moment#of(long)}. */
  record AtSequence(long sequence) implements Moment {
    @Override
    public String toString() {
      return "sequence " + sequence;
    }
  }

  /** See {@link Moment#of(Instant)}. */
  record AtTime(Instant time) implements Moment {
    public AtTime {
      Objects.requireNonNull(time);
    }

    @Override
    public String toString() {
      return "time " + time;
    }
  }

  /** See {@link Moment#of(Revision)}. */
  record AtRevision(Revision revision) implements Moment {
    public AtRevision {
      Objects.requireNonNull(revision);
    }

    @Override
    public String toString() {
      return "revision " + revision;
    }
  }

  /** See {@link Moment#present()}. */
  enum Present implements Moment {
    INSTANCE;

    @Override
    public String toString() {
      return "the present";
    }
  }
}
