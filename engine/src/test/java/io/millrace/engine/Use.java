package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Activity;
import io.millrace.api.ActivityFilter;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** What tests do with databases again and again. */
final class Use {
  static final Attribution NOBODY = Attribution.none();
  private static final long PATIENCE_SECONDS = 30;

  private Use() {}

  /** A database in memory that is empty each time. */
  static MillraceBuilder memory(Path folder) {
    return Millrace.in(folder).log("memory", Map.of()).store("memory", Map.of());
  }

  /** A database in memory that outlives its closing. */
  static MillraceBuilder kept(Path folder) {
    return Millrace.in(folder).log("kept", Map.of()).store("kept", Map.of());
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer came", e);
    }
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain for: " + what);
      }
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  /** Why {@code stage} fails. */
  static Throwable failure(CompletionStage<?> stage) {
    try {
      Object value = stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("no failure but " + value);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return cause instanceof CompletionException && cause.getCause() != null
          ? cause.getCause()
          : cause;
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer came", e);
    }
  }

  static CommitOutcome commit(Database database, Edit... edits) {
    return await(database.commit(CommitRequest.write(List.of(edits), NOBODY)));
  }

  static Committed done(Database database, Edit... edits) {
    CommitOutcome outcome = commit(database, edits);
    assertThat(outcome).isInstanceOf(Committed.class);
    return (Committed) outcome;
  }

  static Refused refused(Database database, Edit... edits) {
    CommitOutcome outcome = commit(database, edits);
    assertThat(outcome).isInstanceOf(Refused.class);
    return (Refused) outcome;
  }

  /** The revision that a commit of one edit made. */
  static Revision made(Database database, Edit edit) {
    return done(database, edit).written().get(0).revision();
  }

  static Edit put(String bucket, String id, Base base, String json) {
    return new Edit.Put(bucket, id, base, Body.parse(json));
  }

  static Edit put(String bucket, String id, String json) {
    return put(bucket, id, Base.any(), json);
  }

  static Edit delete(String bucket, String id) {
    return new Edit.Delete(bucket, id, Base.any());
  }

  static Edit insert(String bucket, String id, String json, Revision... path) {
    return new Edit.Insert(bucket, id, List.of(path), false, Body.parse(json));
  }

  static Edit insertTombstone(String bucket, String id, Revision... path) {
    return new Edit.Insert(bucket, id, List.of(path), true, Body.EMPTY);
  }

  static CommitRequest replicated(List<Edit> edits) {
    return new CommitRequest(edits, NOBODY, CommitKind.REPLICATED);
  }

  static List<Change> changes(Activity activity, SequenceRange range, ActivityFilter filter) {
    List<Change> changes = new ArrayList<>();
    try (Cursor<Change> cursor = activity.read(range, filter)) {
      while (cursor.advance()) {
        changes.add(cursor.current());
      }
      assertThat(cursor.advance()).isFalse();
    }
    return changes;
  }

  static List<Change> changes(Activity activity) {
    return changes(activity, SequenceRange.all(), ActivityFilter.none());
  }

  static <T> List<T> all(Cursor<T> cursor) {
    List<T> all = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        all.add(cursor.current());
      }
    }
    return all;
  }
}
