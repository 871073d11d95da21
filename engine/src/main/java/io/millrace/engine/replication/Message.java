package io.millrace.engine.replication;

import io.millrace.api.log.Incarnation;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What servers say to each other. One frame carries one message; see {@code
 * docs/formats/replication.md}.
 */
sealed interface Message {
  /**
   * Who a server is.
   *
   * @param since the last sequence that can be read there
   * @param address where others reach it; null when nowhere
   * @param key what they must know for that; null when nothing
   */
  record Identity(
      UUID database,
      Incarnation incarnation,
      long since,
      String name,
      @Nullable String address,
      @Nullable String key) {}

  /**
   * The first word of the side that connected.
   *
   * @param attempt chosen at random by that side
   * @param mutual whether the other side is asked to take from this one, too
   */
  record Hello(long attempt, Identity identity, boolean mutual) implements Message {}

  /**
   * The answer to {@link Hello}.
   *
   * @param attempt what that said
   * @param session chosen at random by the side that answers; everything else names it
   */
  record Welcome(long attempt, long session, Identity identity) implements Message {}

  /**
   * The other answer to {@link Hello}, for people.
   *
   * @param attempt what that said
   */
  record Refused(long attempt, String code, String reason) implements Message {}

  /** Part of a session, which it names. */
  sealed interface Talk extends Message {
    /** The number of the session. */
    long session();
  }

  /**
   * Asks for what changed.
   *
   * @param request chosen by the side that asks; the answer names it
   * @param limit the most documents
   * @param waitMillis how long to wait when there is nothing new
   * @param expected a place in the source's history that must be there; {@link Anchor#START} for no
   *     such demand
   */
  record AskChanges(
      long session,
      long request,
      long after,
      Selection selection,
      int limit,
      int waitMillis,
      Anchor expected)
      implements Talk {}

  /** The answer to {@link AskChanges}; the source's last sequence is {@code since}. */
  record TellChanges(long session, long request, Replica.Changes changes, long since)
      implements Talk {}

  /**
   * Asks for revisions.
   *
   * @param maxBytes about how many bytes the side that asks has room for
   */
  record AskRevisions(
      long session, long request, List<Wanted> wanted, Selection selection, long maxBytes)
      implements Talk {}

  /** The answer to {@link AskRevisions}. */
  record TellRevisions(long session, long request, Replica.Answer answer) implements Talk {}

  /**
   * The answer to a request that cannot be met.
   *
   * @param code one of {@link #UNKNOWN_HISTORY} and the codes of exceptions
   */
  record Failed(long session, long request, String code, String reason) implements Talk {
    /** The source's history is another one than the side that asks has seen. */
    static final String UNKNOWN_HISTORY = "unknown-history";
  }

  /** Asks whether the other side is there; answered with {@link Pong}. */
  record Ping(long session) implements Talk {}

  /** The answer to {@link Ping}; the last sequence there is {@code since}. */
  record Pong(long session, long since) implements Talk {}

  /** The session is over. */
  record Bye(long session, String reason) implements Talk {}
}
