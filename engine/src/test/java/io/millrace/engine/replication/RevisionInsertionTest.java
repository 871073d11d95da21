package io.millrace.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Origin;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.engine.revision.RevisionDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of an insertion when the writer does not take it at once, or at all. */
class RevisionInsertionTest {
  private static final UnavailableException FULL =
      new UnavailableException("writer-full", "too many wait");

  private final ScheduledThreadPoolExecutor pauses = new ScheduledThreadPoolExecutor(1);
  private final List<CommitRequest> asked = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private CommitOutcome outcome = new Committed(1, List.of());

  @AfterEach
  void end() {
    pauses.shutdownNow();
  }

  /** Fails as often as there are failures, then answers. */
  private CompletionStage<CommitOutcome> write(CommitRequest request) {
    asked.add(request);
    return failures.isEmpty()
        ? CompletableFuture.completedFuture(outcome)
        : CompletableFuture.failedFuture(failures.remove(0));
  }

  private Throwable insert(int documents) {
    List<Sent> sent = new ArrayList<>();
    Attribution who = new Attribution(null, null, new Origin(new UUID(1, 2), Instant.EPOCH));
    for (int i = 0; i < documents; i++) {
      Body body = Body.parse("{\"n\":" + i + "}");
      sent.add(
          new Sent(
              i + 1,
              "films",
              "d" + i,
              List.of(new RevisionDigest().next(null, false, body.json())),
              false,
              body,
              who));
    }
    return new RevisionInsertion(this::write, 1 << 20, pauses)
        .insert(sent)
        .handle((done, failure) -> failure)
        .toCompletableFuture()
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void aFullWriterIsAskedAgain() {
    failures.addAll(List.of(FULL, FULL, FULL));
    assertThat(insert(1)).isNull();
    assertThat(asked).hasSize(4).containsOnly(asked.get(0));
  }

  @Test
  void aWriterThatStaysFullFailsTheInsertion() {
    for (int i = 0; i < 100; i++) {
      failures.add(FULL);
    }
    assertThat(RevisionInsertion.cause(insert(1))).isSameAs(FULL);
    assertThat(asked).hasSize(8);
  }

  @Test
  void otherFailuresAreToldAndNotTriedAgain() {
    for (RuntimeException failure :
        List.of(
            new UnavailableException("log-failed", "no room"),
            new UnknownOutcomeException("append-unknown", "who knows"))) {
      asked.clear();
      failures.add(failure);
      assertThat(RevisionInsertion.cause(insert(2))).isSameAs(failure);
      assertThat(asked).hasSize(1);
    }
  }

  @Test
  void aRefusalIsAFailure() {
    outcome =
        new Refused(
            List.of(new Refusal(0, "films", "d0", Reason.BUCKET_MISSING, null, "no bucket")));
    assertThat(RevisionInsertion.cause(insert(1)))
        .isInstanceOf(InternalException.class)
        .hasMessageContaining("no bucket");
  }

  @Test
  void commitsAreBounded() {
    assertThat(insert(2_500)).isNull();
    assertThat(asked)
        .extracting(request -> request.edits().size())
        .containsExactly(1_000, 1_000, 500);
  }
}
