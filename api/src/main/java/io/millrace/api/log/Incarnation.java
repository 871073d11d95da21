package io.millrace.api.log;

import io.millrace.api.error.InvalidRequestException;
import java.util.UUID;

/**
 * The random identity of one life of a log, fixed when the log is created. Sequences of different
 * incarnations have nothing to do with each other, so a checkpoint always names the incarnation
 * together with the sequence.
 *
 * @param id random, as of RFC 9562 version 4
 */
public record Incarnation(UUID id) {
  /** Reads what {@link #toString()} wrote. */
  public static Incarnation parse(String text) {
    try {
      return new Incarnation(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("invalid-incarnation", "not an incarnation: " + text, e);
    }
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
