package io.millrace.engine.write;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something that waits for the writer. */
sealed interface WriteTask {
  /** What it occupies while it waits, roughly. */
  long bytes();

  /** Answers it with a failure. */
  void fail(Throwable failure);

  /** Edits of documents. */
  record Documents(CommitRequest request, CompletableFuture<CommitOutcome> reply)
      implements WriteTask {
    private static final int BYTES_PER_EDIT = 200;

    /** Whether documents are purged, which is done apart from everything else. */
    boolean purges() {
      return request.kind() == CommitKind.PURGE;
    }

    @Override
    public long bytes() {
      long bytes = 0;
      for (Edit edit : request.edits()) {
        bytes += BYTES_PER_EDIT;
        if (edit instanceof Edit.Put put) {
          bytes += put.body().length();
        } else if (edit instanceof Edit.Insert insert) {
          bytes += insert.body().length();
        }
      }
      return bytes;
    }

    @Override
    public void fail(Throwable failure) {
      reply.completeExceptionally(failure);
    }
  }

  /**
   * Buckets to be held.
   *
   * @param names of the buckets; null for all
   * @param reply the sequence that the database had reached
   */
  record Hold(@Nullable Set<String> names, CompletableFuture<Long> reply) implements WriteTask {
    @Override
    public long bytes() {
      return 500;
    }

    @Override
    public void fail(Throwable failure) {
      reply.completeExceptionally(failure);
    }
  }

  /**
   * A commit that was planned while its buckets were held.
   *
   * @param reply the sequence of its last record
   */
  record Large(LargeCommit commit, CompletableFuture<Long> reply) implements WriteTask {
    @Override
    public long bytes() {
      return 500;
    }

    @Override
    public void fail(Throwable failure) {
      reply.completeExceptionally(failure);
    }
  }

  /**
   * A bucket to be made or dropped.
   *
   * @param reply the sequence at which it was; 0 when there was nothing to do
   */
  record OneBucket(
      String name, boolean drop, Attribution attribution, CompletableFuture<Long> reply)
      implements WriteTask {
    @Override
    public long bytes() {
      return 500;
    }

    @Override
    public void fail(Throwable failure) {
      reply.completeExceptionally(failure);
    }
  }
}
