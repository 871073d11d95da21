package io.millrace.engine.view;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.engine.index.BucketState;
import io.millrace.spi.SettableSequence;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One build of one view: its rows, and the work that keeps them up to date.
 *
 * <p>The work is done in steps, each on some thread of the pool, never two at once. A step feeds
 * the view one portion and writes its rows with the checkpoint, so a build goes on after a crash
 * where its last step ended.
 */
final class ViewBuild {
  private static final Logger LOG = System.getLogger(ViewBuild.class.getName());
  private static final int IDLE = 0;
  private static final int SCHEDULED = 1;
  private static final int AGAIN = 2;

  private final Query query;
  private final ViewFactory factory;
  private final ViewEnvironment environment;
  private final long number;
  private final Keyspace rows;
  private final SettableSequence reached;
  private final Instant started;
  private final long startedNanos = System.nanoTime();
  private final CompletableFuture<View> opened = new CompletableFuture<>();
  private final AtomicInteger state = new AtomicInteger(IDLE);

  /** Uses of the view by readers and by the step that runs, plus one until the build is retired. */
  private final AtomicInteger uses = new AtomicInteger(1);

  /** Set by the first step that opens it. */
  private volatile @Nullable View view;

  private volatile ViewCheckpoint checkpoint;
  private volatile long fed;
  private volatile @Nullable String failure;
  private volatile boolean retired;
  private volatile boolean removeWhenUnused;

  ViewBuild(
      Query query,
      ViewFactory factory,
      ViewEnvironment environment,
      long number,
      ViewCheckpoint checkpoint) {
    this.query = query;
    this.factory = factory;
    this.environment = environment;
    this.number = number;
    this.checkpoint = checkpoint;
    this.rows = environment.registry().rows(number);
    this.reached = new SettableSequence("the view " + query.label(), checkpoint.reached());
    this.started = environment.clock().instant();
  }

  /** The sequence that the rows reflect completely. */
  ObservableSequence reached() {
    return reached;
  }

  /** The view, once it is open. */
  CompletionStage<View> opened() {
    return opened;
  }

  ViewCheckpoint checkpoint() {
    return checkpoint;
  }

  /** Why the build stands still; null when it does not. */
  @Nullable String failure() {
    return failure;
  }

  /** Whether the rows will not follow the documents any more. */
  boolean ended() {
    return retired || failure != null;
  }

  /** How many changes this process gave to the view. */
  long fed() {
    return fed;
  }

  Instant started() {
    return started;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** Sees to it that changes made before this call will be given to the view. */
  void wake() {
    while (true) {
      int now = state.get();
      if (now == AGAIN || retired) {
        return;
      }
      if (state.compareAndSet(now, now == IDLE ? SCHEDULED : AGAIN)) {
        if (now == IDLE) {
          environment.execute(this::step);
        }
        return;
      }
    }
  }

  private void step() {
    // What happens from here on is seen by this step or asks for another.
    state.set(SCHEDULED);
    boolean more = false;
    if (acquire()) {
      try {
        more = failure == null && feed(view());
      } catch (InterruptedException e) {
        // The database is closing; the next opening goes on from the checkpoint.
        retired = true;
      } catch (UnavailableException e) {
        if (!retired) {
          LOG.log(Level.WARNING, "the view " + query.label() + " has to wait: " + e.getMessage());
          environment.later(this::wake);
        }
      } catch (RuntimeException | Error e) {
        fail(e);
      } finally {
        release();
      }
    }
    if (more) {
      environment.execute(this::step);
    } else if (!state.compareAndSet(SCHEDULED, IDLE)) {
      environment.execute(this::step);
    }
  }

  private View view() {
    View present = view;
    if (present == null) {
      if (checkpoint.position() == 0) {
        // Not every definition was checked here: another version may have written it, or a peer.
        factory.validate(query.definition());
      }
      present =
          factory.open(
              query.definition(),
              new ViewContext(
                  environment.store(), rows, environment.documents().documents(query.bucket())));
      view = present;
      opened.complete(present);
    }
    return present;
  }

  private void fail(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    failure = message;
    if (e instanceof MillraceException) {
      LOG.log(Level.ERROR, "the view " + query.label() + " stands still: " + message);
    } else {
      LOG.log(Level.ERROR, "the view " + query.label() + " stands still", e);
    }
    opened.completeExceptionally(
        new UnavailableException("view-failed", query.label() + " stands still: " + message, e));
    reached.close();
  }

  /** Gives the view one portion; returns whether there is more. */
  private boolean feed(View view) throws InterruptedException {
    Store store = environment.store();
    ViewCheckpoint from = checkpoint;
    long present = environment.since().value();
    ChangeSource.Portion portion =
        environment
            .source()
            .read(store, view.input(), query.bucket(), from.position(), from.freshUntil());
    // What was committed before the look is in the portion, or before it.
    long position =
        portion.exhausted() ? Math.max(present, portion.position()) : portion.position();
    boolean exact = portion.exhausted() || view.input() == ViewInput.CHANGES;
    ViewCheckpoint next = from.at(position, exact ? position : from.reached(), portion.exhausted());
    if (portion.changes().isEmpty() && from.complete() && portion.exhausted()) {
      // Nothing for this view: other buckets moved. Remembering that is not worth a write.
      publish(next);
      return false;
    }
    try (StoreBatch batch = store.batch()) {
      if (!portion.changes().isEmpty()) {
        view.apply(
            new ViewBatch(portion.changes(), portion.position() <= from.freshUntil()), batch);
      }
      environment.registry().save(batch, query.bucket().number(), query.name(), number, next);
      store.write(batch);
    }
    fed += portion.changes().size();
    publish(next);
    if (next.complete() && !from.complete()) {
      query.completed(this);
    }
    return !portion.exhausted();
  }

  private void publish(ViewCheckpoint next) {
    checkpoint = next;
    reached.advance(next.reached());
    environment.meters().lag(query.bucket(), next.reached());
  }

  /** Begins a use of the view; false when it is not to be used any more. */
  boolean acquire() {
    while (true) {
      int now = uses.get();
      if (now == 0 || retired) {
        return false;
      }
      if (uses.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Ends a use that began with {@link #acquire()}. */
  void release() {
    if (uses.decrementAndGet() == 0) {
      View unused = view;
      if (unused != null) {
        unused.close();
      }
      if (removeWhenUnused) {
        remove();
      }
    }
  }

  private void remove() {
    try {
      environment.registry().remove(query.bucket().number(), query.name(), number);
    } catch (UnavailableException e) {
      LOG.log(
          Level.INFO,
          "old rows of the view "
              + query.label()
              + " are removed when the database is opened next: "
              + e.getMessage());
    }
  }

  /**
   * Ends the build once nobody uses it. Called once.
   *
   * @param remove whether its rows go too
   */
  void retire(boolean remove) {
    removeWhenUnused = remove;
    retired = true;
    opened.completeExceptionally(
        new UnavailableException("closed", "the view " + query.label() + " was closed"));
    reached.close();
    release();
  }

  /** Whether everything that {@code bucket} has is in the rows. */
  boolean caughtUp(BucketState bucket) {
    return reached.value() >= bucket.lastSequence();
  }
}
