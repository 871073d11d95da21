package io.millrace.engine.view;

import io.millrace.api.Task;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.store.Keyspace;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One build of one view: its rows, and the work that keeps them up to date.
 *
 * <p>The work is done in steps, each on some thread of the pool, never two at once. A step feeds
 * the view one portion and writes its rows with the checkpoint, so a build goes on after a crash
 * where its last step ended. When there is nothing to feed, the view settles, some time after it
 * was given something last. Portions become smaller where they take long.
 */
final class ViewBuild {
  private static final Logger LOG = System.getLogger(ViewBuild.class.getName());

  /** How long a portion should take at most. */
  private static final long PORTION_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long a view that is kept up to date goes on without settling. */
  private static final long UNSETTLED_MILLIS = 100;

  private static final long LATER_MILLIS = 1_000;

  private final Query query;
  private final ViewFactory factory;
  private final ViewEnvironment environment;
  private final Feed feed;
  private final long number;
  private final Keyspace rows;
  private final SettableSequence reached;
  private final AwaitedSequence awaitedSequence;
  private final Turns turns;
  private final BuildProgress progress;

  private final CompletableFuture<View> opened = new CompletableFuture<>();

  /** By readers and by the step that runs; the first one ends when the build is retired. */
  private final Uses uses = new Uses(this::end);

  private final AtomicBoolean settlingLater = new AtomicBoolean();

  /** Whether the view was fed for long enough without settling. */
  private volatile boolean settleDue;

  /** The highest sequence that somebody waits, or waited, for. */
  private final AtomicLong awaited = new AtomicLong();

  /** How many changes are fed at a time; of the step that runs. */
  private int bite = ChangeSource.MAX_CHANGES;

  /** Whether the view was given something since it has settled; of the step that runs. */
  private boolean unsettled = true;

  /** Set by the first step that opens it. */
  private volatile @Nullable View view;

  private volatile ViewCheckpoint checkpoint;
  private volatile @Nullable String failure;
  private volatile boolean retired;
  private volatile boolean removeWhenUnused;

  ViewBuild(
      Query query,
      ViewFactory factory,
      ViewEnvironment environment,
      Feed feed,
      long number,
      ViewCheckpoint checkpoint) {
    this.query = query;
    this.factory = factory;
    this.environment = environment;
    this.feed = feed;
    this.number = number;
    this.checkpoint = checkpoint;
    this.rows = environment.registry().rows(number);
    this.reached = new SettableSequence("the view " + query.label(), checkpoint.reached());
    this.awaitedSequence = new AwaitedSequence(reached, query::inputStandstill);
    this.turns = new Turns(environment.pool(), this::step, this::isAwaited);
    this.progress =
        new BuildProgress(
            "view " + query.label(),
            query.bucket(),
            environment.clock().instant(),
            checkpoint.position());
  }

  /**
   * The sequence that the rows reflect completely, for readers: who waits for it is refused while
   * the input stands still.
   */
  ObservableSequence reached() {
    return awaitedSequence;
  }

  /** The same for those who are in no hurry, and wait until the input goes on. */
  ObservableSequence followed() {
    return reached;
  }

  /** The view, once it is open. */
  CompletionStage<View> opened() {
    return opened;
  }

  ViewCheckpoint checkpoint() {
    return checkpoint;
  }

  /** Whether its rows are made of every change; of none while its view is not open. */
  boolean readsAllChanges() {
    View present = view;
    return present != null && present.input() == ViewInput.CHANGES;
  }

  /** Why the build stands still; null when it does not. */
  @Nullable String failure() {
    return failure;
  }

  /** Whether the rows will not follow the documents any more. */
  boolean ended() {
    return retired || failure != null;
  }

  /** The build as work that goes on. */
  Task task() {
    View present = view;
    return present != null && present.input() == ViewInput.CHANGES
        ? progress.throughChanges(checkpoint.position())
        : progress.throughDocuments();
  }

  /** Sees to it that what can be fed before this call will be given to the view. */
  void wake() {
    wake(false);
  }

  /** Sees to it that the view reaches {@code sequence} soon, because somebody waits for it. */
  void urge(long sequence) {
    if (reached.value() < sequence) {
      awaited.accumulateAndGet(sequence, Math::max);
      feed.urge(sequence);
      wake(true);
    }
  }

  /** Hears that there may be more to feed; at once where somebody waits. */
  void moreToFeed() {
    wake(isAwaited());
  }

  private boolean isAwaited() {
    return awaited.get() > reached.value();
  }

  private void wake(boolean urgent) {
    if (!ended()) {
      turns.ask(urgent);
    }
  }

  /** Hears that the input stands still, so that nobody need wait any longer. */
  void inputStandsStill() {
    awaitedSequence.refuse();
  }

  /** Does some work; returns whether there is more to do at once. */
  private boolean step() {
    if (!acquire()) {
      return false;
    }
    try {
      return failure == null && work(view());
    } catch (InterruptedException e) {
      // The database is closing; the next opening goes on from the checkpoint.
      retired = true;
    } catch (UnavailableException e) {
      if (!retired) {
        LOG.log(Level.WARNING, "the view " + query.label() + " has to wait: " + e.getMessage());
        environment.pool().after(LATER_MILLIS, TimeUnit.MILLISECONDS, this::wake);
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      release();
    }
    return false;
  }

  /** Feeds the view, or lets it settle; returns whether there is more to do at once. */
  private boolean work(View view) throws InterruptedException {
    boolean first = !checkpoint.complete();
    long before = System.nanoTime();
    Portion portion = feed.next(view.input(), checkpoint, bite);
    if (portion != null && feed(view, portion)) {
      adapt(portion.changes().size(), System.nanoTime() - before);
      return true;
    }
    if (!unsettled || portion == null && !checkpoint.complete()) {
      return false;
    }
    boolean given = portion != null && !portion.changes().isEmpty();
    if (given && !first && !settleDue) {
      settleLater();
      return false;
    }
    unsettled = settle(view);
    settleDue = unsettled;
    return unsettled;
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
      query.moved(this);
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
    query.stoodStill(this);
  }

  /** Gives the view one portion; returns whether there is more. */
  private boolean feed(View view, Portion next) throws InterruptedException {
    ViewCheckpoint from = checkpoint.freshUntil(next.present());
    Portion portion = from.position() < from.freshUntil() ? next.upTo(from.freshUntil()) : next;
    boolean exact = portion.exhausted() || view.input() == ViewInput.CHANGES;
    boolean caughtUp = portion.exhausted() && feed.complete(portion.position(), from);
    ViewCheckpoint to =
        from.at(portion.position(), exact ? portion.position() : from.reached(), caughtUp);
    if (portion.changes().isEmpty() && from.complete() && portion.exhausted()) {
      // Nothing for this view: other buckets moved. Remembering that is not worth a write.
      publish(to);
      return feed.moreBehind(portion.position());
    }
    try (StoreBatch batch = environment.store().batch()) {
      if (!portion.changes().isEmpty()) {
        unsettled = true;
        view.apply(new ViewBatch(portion.changes(), isFresh(view, portion, from)), batch);
      }
      write(batch, to);
    }
    progress.fed(portion.changes().size());
    publish(to);
    if (to.complete() && !from.complete()) {
      query.completed(this);
    }
    return !portion.exhausted() || feed.moreBehind(portion.position());
  }

  /** Among all changes, documents recur from the beginning. */
  private static boolean isFresh(View view, Portion portion, ViewCheckpoint from) {
    return view.input() == ViewInput.DOCUMENTS && portion.position() <= from.freshUntil();
  }

  private void write(StoreBatch batch, ViewCheckpoint to) {
    environment.registry().save(batch, query.bucket().number(), query.name(), number, to);
    environment.store().write(batch);
  }

  private void publish(ViewCheckpoint to) {
    checkpoint = to;
    reached.advance(to.reached());
    environment.meters().lag(query.bucket(), to.reached());
    query.moved(this);
  }

  /** Lets the view do some of what it put off; returns whether there is more of it. */
  private boolean settle(View view) throws InterruptedException {
    try (StoreBatch batch = environment.store().batch()) {
      boolean more = view.settle(batch);
      if (batch.size() > 0) {
        write(batch, checkpoint);
      }
      return more;
    }
  }

  /** Lets the view settle when it was fed for a while, or has not been fed for as long. */
  private void settleLater() {
    if (settlingLater.compareAndSet(false, true)) {
      environment
          .pool()
          .after(
              UNSETTLED_MILLIS,
              TimeUnit.MILLISECONDS,
              () -> {
                settleDue = true;
                settlingLater.set(false);
                wake();
              });
    }
  }

  /** Makes portions smaller that took too long, and larger again. */
  private void adapt(int changes, long nanos) {
    if (nanos > PORTION_NANOS) {
      bite = (int) Math.max(1, changes * PORTION_NANOS / nanos);
    } else if (changes >= bite && nanos < PORTION_NANOS / 4) {
      bite = Math.min(ChangeSource.MAX_CHANGES, bite * 2);
    }
  }

  /** Begins a use of the view; false when it is not to be used any more. */
  boolean acquire() {
    return !retired && uses.begin();
  }

  /** Ends a use that began with {@link #acquire()}. */
  void release() {
    uses.end();
  }

  private void end() {
    View unused = view;
    if (unused != null) {
      unused.close();
    }
    if (removeWhenUnused) {
      remove();
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
