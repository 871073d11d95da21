package io.millrace.engine.replication;

import io.millrace.api.log.Incarnation;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What replication needs of the database that it works for.
 *
 * <p>Nothing here blocks its caller: what takes time is done elsewhere, and its stage completes on
 * any thread. Stages fail with a {@link io.millrace.api.error.MillraceException}.
 */
public interface Replica {
  /** The identity of the database. */
  UUID database();

  /** The life of its log. */
  Incarnation incarnation();

  /** The last sequence that can be read. */
  long since();

  /** Completes when {@link #since()} is {@code sequence} or more; may be cancelled. */
  CompletionStage<Long> whenAtLeast(long sequence);

  /** Whether {@code anchor} is a place in the history of this database. */
  CompletionStage<Boolean> recognises(Anchor anchor);

  /**
   * What changed after {@code after}, in the order of sequences: each document once, at its newest
   * change, with all its leaves; of a full history each revision.
   *
   * @param limit the most documents; fewer may come, or none, before the end is reached
   */
  CompletionStage<Changes> changes(long after, Selection selection, int limit);

  /**
   * Documents that changed.
   *
   * @param to up to where these are all
   * @param anchor the end of the history when this was looked up, so at or behind {@code to}
   * @param timeMillis when what is at {@code to} was written here, since 1970-01-01T00:00Z
   */
  record Changes(List<OfferedDocument> documents, long to, Anchor anchor, long timeMillis) {
    public Changes {
      documents = List.copyOf(documents);
    }
  }

  /** Those of {@code documents} that are not here, in the same order. */
  CompletionStage<List<Wanted>> missing(List<OfferedDocument> documents, Selection selection);

  /**
   * Reads revisions, in the order in which they are wanted.
   *
   * @param maxBytes about how many bytes to read; one revision is read even if it is longer
   */
  CompletionStage<Answer> read(List<Wanted> wanted, Selection selection, long maxBytes);

  /**
   * Revisions that were read.
   *
   * @param sent those that are there
   * @param answered how many of what was wanted this settles, from the first on; what is among them
   *     and was not sent is not there any more, or not selected
   */
  record Answer(List<Sent> sent, int answered) {
    public Answer {
      sent = List.copyOf(sent);
    }
  }

  /**
   * Inserts revisions; completes when they are durable and can be read.
   *
   * @return fails with {@link io.millrace.api.error.CorruptionException} when one is not what its
   *     name says
   */
  CompletionStage<Void> insert(List<Sent> revisions);

  /** How far {@code source} was taken; null when nothing is known of it. */
  @Nullable PullCheckpoint checkpoint(UUID source, Selection selection);

  /**
   * Notes how far {@code source} was taken. Never outlives what it speaks of, even through a crash;
   * may be lost.
   */
  CompletionStage<Void> saveCheckpoint(UUID source, Selection selection, PullCheckpoint checkpoint);
}
