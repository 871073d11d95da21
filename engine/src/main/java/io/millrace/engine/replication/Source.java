package io.millrace.engine.replication;

import io.millrace.api.error.MillraceException;
import io.millrace.engine.replication.Message.AskChanges;
import io.millrace.engine.replication.Message.AskRevisions;
import io.millrace.engine.replication.Message.Failed;
import io.millrace.engine.replication.Message.TellChanges;
import io.millrace.engine.replication.Message.TellRevisions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the other side of a session asks. Keeps nothing between two requests, and answers no
 * more of them at a time than it must, so that however slow the other side is, it costs nothing
 * here.
 *
 * <p>Of the loop.
 */
final class Source {
  private static final int MAX_AT_ONCE = 16;
  private static final int MAX_DOCUMENTS = 10_000;
  private static final int MAX_REVISIONS = 10_000;
  private static final int MAX_WAIT_MILLIS = 120_000;
  private static final long MAX_BYTES = 8 << 20;

  private final Loop loop;
  private final Replica replica;
  private final Session session;
  private final Set<Long> answering = new HashSet<>();
  private @Nullable Waiting waiting;

  /** A request for changes that waits for some. */
  private record Waiting(AskChanges ask, CompletableFuture<Long> change, Loop.Timer end) {}

  Source(Loop loop, Replica replica, Session session) {
    this.loop = loop;
    this.replica = replica;
    this.session = session;
  }

  /** The last sequence that can be read here. */
  long since() {
    return replica.since();
  }

  /** Answers nothing any more of what was asked so far. */
  void stop() {
    answering.clear();
    forgetWaiting();
  }

  private void forgetWaiting() {
    Waiting former = waiting;
    waiting = null;
    if (former != null) {
      answering.remove(former.ask().request());
      former.change().cancel(false);
      former.end().cancel();
    }
  }

  /** Answers with {@link TellChanges} or {@link Failed}. */
  void answer(AskChanges ask) {
    if (waiting != null && waiting.ask().request() != ask.request()) {
      // Only the newest one is of interest to who asked.
      forgetWaiting();
    }
    if (!begin(ask.request())) {
      return;
    }
    if (ask.after() > replica.since()) {
      fail(ask.request(), Failed.UNKNOWN_HISTORY, "there is no sequence " + ask.after());
    } else if (ask.expected().equals(Anchor.START)) {
      whenSomethingIsThere(ask);
    } else {
      then(
          ask.request(),
          replica.recognises(ask.expected()),
          known -> {
            if (known) {
              whenSomethingIsThere(ask);
            } else {
              String reason = "no commit " + ask.expected().sequence() + " of that digest";
              fail(ask.request(), Failed.UNKNOWN_HISTORY, reason);
            }
          });
    }
  }

  /** Whether a request is to be answered, and is not being answered already. */
  private boolean begin(long request) {
    return answering.size() < MAX_AT_ONCE && answering.add(request);
  }

  private void fail(long request, String code, String reason) {
    answering.remove(request);
    session.send(new Failed(session.number(), request, code, reason));
  }

  private void whenSomethingIsThere(AskChanges ask) {
    if (replica.since() > ask.after() || ask.waitMillis() == 0) {
      tellChanges(ask);
      return;
    }
    CompletableFuture<Long> change = replica.whenAtLeast(ask.after() + 1).toCompletableFuture();
    Duration wait = Duration.ofMillis(Math.min(ask.waitMillis(), MAX_WAIT_MILLIS));
    Waiting one = new Waiting(ask, change, loop.after(wait, () -> change.cancel(false)));
    forgetWaiting();
    waiting = one;
    change.whenComplete((sequence, end) -> loop.execute(() -> goOn(one)));
  }

  private void goOn(Waiting one) {
    if (waiting == one) {
      waiting = null;
      one.end().cancel();
      tellChanges(one.ask());
    }
  }

  private void tellChanges(AskChanges ask) {
    int limit = Math.max(1, Math.min(ask.limit(), MAX_DOCUMENTS));
    then(
        ask.request(),
        replica.changes(ask.after(), ask.selection(), limit),
        changes -> {
          answering.remove(ask.request());
          session.send(new TellChanges(session.number(), ask.request(), changes, replica.since()));
        });
  }

  /** Answers with {@link TellRevisions} or {@link Failed}. */
  void answer(AskRevisions ask) {
    if (ask.wanted().size() > MAX_REVISIONS) {
      fail(ask.request(), "too-many", "more than " + MAX_REVISIONS + " revisions at once");
    } else if (begin(ask.request())) {
      then(
          ask.request(),
          replica.read(ask.wanted(), ask.selection(), Math.min(ask.maxBytes(), MAX_BYTES)),
          answer -> {
            answering.remove(ask.request());
            session.send(new TellRevisions(session.number(), ask.request(), answer));
          });
    }
  }

  /** Goes on with what {@code stage} gives, unless nobody waits for it any more. */
  private <T> void then(long request, CompletionStage<T> stage, Consumer<T> next) {
    long number = session.number();
    stage.whenComplete(
        (value, failure) ->
            loop.execute(
                () -> {
                  if (session.number() != number || !answering.contains(request)) {
                    return;
                  }
                  if (failure == null) {
                    next.accept(value);
                  } else {
                    fail(request, codeOf(failure), String.valueOf(causeOf(failure).getMessage()));
                  }
                }));
  }

  static Throwable causeOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static String codeOf(Throwable failure) {
    return causeOf(failure) instanceof MillraceException known ? known.code() : "internal";
  }
}
