package io.millrace.rest;

import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.UnavailableException;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Outlet;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.Problems;
import io.millrace.rest.http.RequestBody;
import io.millrace.rest.json.JsonWriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One import, from its first byte to its last line.
 *
 * <p>Chunks are parsed one after the other on one chain and committed one after the other on
 * another, so that a chunk is parsed while the one before it is being forced. When {@link
 * #MOST_CHUNKS} are under way the connection is read no further. A client that vanishes leaves the
 * chunks that arrived whole.
 */
final class ImportSession {
  private static final int CHUNK_LINES = 1000;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int MOST_CHUNKS = 4;

  /** Room for white space and metadata beside the longest document. */
  private static final int SPARE_BYTES = 4 << 10;

  /** How much is read behind a bad line, so that the client gets to see what is wrong with it. */
  private static final long MOST_DISCARDED_BYTES = 256L << 20;

  private static final long RETRY_MILLIS = 20;
  private static final int MOST_RETRIES = 1500;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final Database database;
  private final String bucket;
  private final Attribution attribution;
  private final Bodies bodies;
  private final Problems problems;
  private final Executor parsers;
  private final Outlet outlet;
  private final CompletableFuture<Response> answer = new CompletableFuture<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicBoolean finished = new AtomicBoolean();
  private final LineChunks chunks;

  private CompletableFuture<?> parsing = CompletableFuture.completedFuture(null);
  private CompletableFuture<?> committing = CompletableFuture.completedFuture(null);
  private CompletableFuture<?> reporting = CompletableFuture.completedFuture(null);
  private long discarded;
  private volatile boolean stopped;
  private volatile boolean begun;
  private volatile long imported;
  private volatile long conflicts;
  private volatile long sequence;

  ImportSession(
      RoutingContext context,
      Database database,
      String bucket,
      Attribution attribution,
      Bodies bodies,
      Problems problems,
      Readers readers,
      RestSettings settings) {
    this.context = context;
    this.request = context.request();
    this.database = database;
    this.bucket = bucket;
    this.attribution = attribution;
    this.bodies = bodies;
    this.problems = problems;
    this.parsers = readers.scans();
    this.outlet = new Outlet(context, settings.stallLimit());
    this.chunks =
        new LineChunks(
            CHUNK_LINES, CHUNK_BYTES, settings.maxDocumentBytes() + SPARE_BYTES, this::accept);
  }

  /** Lines that became documents so far. */
  long imported() {
    return imported;
  }

  /** Reads the body; completes when the last line of the answer was sent. On the event loop. */
  CompletableFuture<Response> run() {
    if (RequestBody.expectsContinue(request)) {
      context.response().writeContinue();
    }
    request.handler(this::received);
    request.exceptionHandler(gone -> stopped = true);
    request.endHandler(end -> ended());
    request.resume();
    return answer;
  }

  private void received(Buffer part) {
    if (!stopped) {
      chunks.add(part.getBytes());
    } else {
      discarded += part.length();
      if (discarded > MOST_DISCARDED_BYTES) {
        request.connection().close();
      }
    }
  }

  private void ended() {
    if (!stopped) {
      chunks.end();
    }
    committing.whenComplete((nothing, failure) -> finish(failure));
  }

  /** On the event loop: puts a chunk at the end of both chains. */
  private void accept(LineChunks.Chunk chunk) {
    if (underWay.incrementAndGet() == MOST_CHUNKS) {
      request.pause();
    }
    CompletableFuture<ImportChunk> parsed =
        parsing.thenApplyAsync(
            before -> ImportChunk.parse(chunk, database, bucket, bodies, problems), parsers);
    parsing = parsed;
    CompletableFuture<?> previous = committing;
    committing =
        previous
            .thenCompose(before -> parsed)
            .thenCompose(this::commit)
            .whenComplete((nothing, failure) -> done(failure));
  }

  private void done(@Nullable Throwable failure) {
    if (failure != null) {
      stopped = true;
      finish(failure);
    }
    if (underWay.getAndDecrement() == MOST_CHUNKS || failure != null) {
      request.resume();
    }
  }

  private CompletionStage<?> commit(ImportChunk chunk) {
    CompletionStage<?> done = CompletableFuture.completedFuture(null);
    for (List<Edit> edits : chunk.commits()) {
      done = done.thenCompose(before -> commit(edits, MOST_RETRIES));
    }
    return done.thenAccept(
        before -> {
          conflicts += chunk.conflicts();
          Problem fault = chunk.fault();
          if (fault != null) {
            throw fault.exception();
          }
          report();
        });
  }

  private CompletionStage<Void> commit(List<Edit> edits, int retries) {
    return database
        .commit(CommitRequest.write(edits, attribution))
        .handle((outcome, failure) -> after(edits, outcome, failure, retries))
        .thenCompose(next -> next);
  }

  private CompletionStage<Void> after(
      List<Edit> edits, @Nullable CommitOutcome outcome, @Nullable Throwable failure, int retries) {
    if (outcome instanceof Committed committed) {
      imported += committed.written().size();
      sequence = committed.sequence();
      return CompletableFuture.completedFuture(null);
    }
    if (outcome instanceof Refused refused) {
      return withoutRefused(edits, refused.refusals());
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof UnavailableException full
        && full.code().equals("writer-full")
        && retries > 0) {
      CompletableFuture<Void> later = new CompletableFuture<>();
      context.vertx().setTimer(RETRY_MILLIS, tick -> later.complete(null));
      return later.thenCompose(now -> commit(edits, retries - 1));
    }
    return CompletableFuture.failedFuture(
        cause == null ? new IllegalStateException("a commit ended without an outcome") : cause);
  }

  /** A commit is made whole or not at all, so it is asked for again without what was refused. */
  private CompletionStage<Void> withoutRefused(List<Edit> edits, List<Refusal> refusals) {
    Set<Integer> refused = new HashSet<>();
    for (Refusal refusal : refusals) {
      if (refusal.reason() != Reason.CONFLICT && refusal.reason() != Reason.DOCUMENT_MISSING) {
        return CompletableFuture.failedFuture(WriteAnswers.refusal(refusal, false).exception());
      }
      refused.add(refusal.index());
    }
    conflicts += refused.size();
    List<Edit> rest = new ArrayList<>(edits.size());
    for (int i = 0; i < edits.size(); i++) {
      if (!refused.contains(i)) {
        rest.add(edits.get(i));
      }
    }
    return rest.isEmpty() ? CompletableFuture.completedFuture(null) : commit(rest, MOST_RETRIES);
  }

  /** Tells how far the import is, unless the client has yet to take what it was told before. */
  private void report() {
    if (reporting.isDone() && !stopped) {
      begin();
      reporting = outlet.send(line(null, false));
    }
  }

  private void begin() {
    if (!begun) {
      begun = true;
      outlet.begin(200, MediaTypes.NDJSON);
    }
  }

  private byte[] line(@Nullable Problem fault, boolean last) {
    JsonWriter json = new JsonWriter(96).startObject();
    writeCounts(json);
    if (last) {
      json.name("done").bool(fault == null);
    }
    if (fault != null) {
      json.name("error").json(fault.json());
    }
    return json.endObject().newLine().toByteArray();
  }

  private void writeCounts(JsonWriter json) {
    json.name("imported").number(imported);
    json.name("conflicts").number(conflicts);
    json.name("seq").number(sequence);
  }

  private void finish(@Nullable Throwable failure) {
    if (!finished.compareAndSet(false, true)) {
      return;
    }
    Problem fault = failure == null ? null : problems.of(failure);
    if (fault != null && !begun) {
      answer.complete(
          fault
              .with("imported", imported)
              .with("conflicts", conflicts)
              .with("seq", sequence)
              .response());
      return;
    }
    begin();
    reporting
        .exceptionally(gone -> null)
        .thenCompose(before -> outlet.send(line(fault, true)))
        .whenComplete(
            (sent, gone) -> {
              outlet.end();
              answer.complete(null);
            });
  }
}
