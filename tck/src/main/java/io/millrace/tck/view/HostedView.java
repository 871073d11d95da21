package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Change;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.spi.ViewContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One build of a view, fed as the engine feeds it: in portions, each written together with how far
 * the view has come, which is all that is known of it when it is opened again.
 */
final class HostedView implements AutoCloseable {
  private static final byte[] CHECKPOINT = "checkpoint".getBytes(StandardCharsets.UTF_8);

  /** Whoever still wants to settle after so many calls never ends. */
  private static final int MOST_SETTLING = 100_000;

  private final ViewHost host;
  private final ViewExample example;
  private final Store store;
  private final Keyspace rows;
  private final Keyspace checkpoints;
  private final StoredDocuments documents;
  private @Nullable View view;

  /** Up to where the documents are those of the history. */
  private long present;

  /**
   * How far the view has come.
   *
   * @param freshUntil up to which sequence each document is met for the first time
   */
  private record Checkpoint(long position, long freshUntil) {}

  /** What the view is given next. */
  private record Portion(List<Change> changes, boolean fresh, Checkpoint then) {}

  HostedView(ViewHost host, ViewExample example, int number) {
    this.host = host;
    this.example = example;
    this.store = host.store();
    this.rows = store.keyspace("rows-" + number);
    this.checkpoints = store.keyspace("checkpoint-" + number);
    this.documents =
        new StoredDocuments(
            store.keyspace("documents-" + number), store.keyspace("newest-" + number));
    open();
  }

  private View open() {
    View opened =
        host.factory().open(host.definition(example), new ViewContext(present(), rows, documents));
    view = opened;
    return opened;
  }

  /** The store, of which the view can do nothing but read. */
  private StoreReader present() {
    return new StoreReader() {
      @Override
      public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
        return store.get(keyspace, key);
      }

      @Override
      public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
        return store.getAll(keyspace, keys);
      }

      @Override
      public StoreCursor range(Keyspace keyspace, KeyRange range) {
        return store.range(keyspace, range);
      }
    };
  }

  /** The open view. */
  View view() {
    View opened = view;
    return opened == null ? open() : opened;
  }

  ViewExample example() {
    return example;
  }

  /** Closes the view and opens it again. */
  void reopen() {
    close();
    open();
  }

  @Override
  public void close() {
    View opened = view;
    view = null;
    if (opened != null) {
      opened.close();
    }
  }

  /**
   * What the answers of {@code reader} depend on: how far the view has come, and the documents,
   * which may be newer.
   */
  String moment(StoreReader reader) {
    return checkpoint(reader).position() + " of " + documents.newest(reader);
  }

  private Checkpoint checkpoint(StoreReader reader) {
    byte[] stored = reader.get(checkpoints, CHECKPOINT);
    if (stored == null) {
      return new Checkpoint(0, 0);
    }
    String[] parts = new String(stored, StandardCharsets.UTF_8).split(" ");
    return new Checkpoint(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }

  /** What comes next when the database ends with {@code now}; null when the view has it all. */
  private @Nullable Portion next(History history, long now, int most) {
    Checkpoint from = checkpoint(store);
    long freshUntil = from.position() == 0 ? now : from.freshUntil();
    List<Change> behind = history.behind(from.position(), now, view().input());
    // As in the engine, no portion has documents of both sides of this sequence.
    List<Change> first = behind.stream().filter(change -> change.sequence() <= freshUntil).toList();
    List<Change> these = first.isEmpty() ? behind : first;
    if (these.isEmpty()) {
      return null;
    }
    List<Change> changes = these.subList(0, Math.min(most, these.size()));
    long position = changes.get(changes.size() - 1).sequence();
    boolean fresh =
        view().input() == ViewInput.CHANGES ? history.allNew(changes) : position <= freshUntil;
    return new Portion(changes, fresh, new Checkpoint(position, freshUntil));
  }

  /** Lets the documents become what they are at {@code now}. */
  private void advanceDocuments(History history, long now) {
    if (now <= present) {
      return;
    }
    try (StoreBatch batch = store.batch()) {
      for (Change change : history.changes()) {
        if (change.sequence() > present && change.sequence() <= now) {
          documents.apply(change, batch);
        }
      }
      store.write(batch);
    }
    present = now;
  }

  /** How a portion is given. */
  enum Giving {
    /** As the engine does. */
    PLAINLY,
    /** Without saying that documents are new. */
    NEVER_FRESH,
    /** And then the batch is thrown away. */
    IN_VAIN,
    /** To a thread that was interrupted before. */
    INTERRUPTED,
    /** To a thread that is interrupted while it walks over the changes. */
    INTERRUPTED_MEANWHILE
  }

  /**
   * Gives the view at most {@code most} of the changes up to {@code now}.
   *
   * @return whether it was given any
   * @throws InterruptedException when the view gave up
   */
  boolean give(History history, long now, int most, Giving giving) throws InterruptedException {
    advanceDocuments(history, now);
    Portion portion = next(history, now, most);
    if (portion == null) {
      return false;
    }
    List<Change> changes =
        giving == Giving.INTERRUPTED_MEANWHILE
            ? new InterruptingList<>(portion.changes())
            : portion.changes();
    boolean fresh = portion.fresh() && giving != Giving.NEVER_FRESH;
    if (giving == Giving.INTERRUPTED) {
      Thread.currentThread().interrupt();
    }
    try (StoreBatch batch = store.batch()) {
      view().apply(new ViewBatch(changes, fresh), new GuardedBatch(batch, rows));
      if (giving != Giving.IN_VAIN) {
        Checkpoint then = portion.then();
        byte[] stored =
            (then.position() + " " + then.freshUntil()).getBytes(StandardCharsets.UTF_8);
        batch.put(checkpoints, CHECKPOINT, stored);
        store.write(batch);
      }
    } finally {
      // Also that of a view that has finished nevertheless.
      Thread.interrupted();
    }
    return true;
  }

  /** Gives a portion to a view that nobody interrupts. */
  boolean give(History history, long now, int most) {
    return undisturbed(history, now, most, Giving.PLAINLY);
  }

  private boolean undisturbed(History history, long now, int most, Giving giving) {
    try {
      return give(history, now, most, giving);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupted the view", e);
    }
  }

  /** Lets the view settle once; answers whether there is more. */
  boolean settleOnce() {
    try (StoreBatch batch = store.batch()) {
      boolean more = view().settle(new GuardedBatch(batch, rows));
      store.write(batch);
      return more;
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupted the view", e);
    }
  }

  private void settleInVain() {
    try (StoreBatch batch = store.batch()) {
      view().settle(new GuardedBatch(batch, rows));
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupted the view", e);
    }
  }

  /** Lets the view settle until there is no more. */
  HostedView settle() {
    int calls = 0;
    while (settleOnce()) {
      assertThat(calls++).as("calls of settle that answered more").isLessThan(MOST_SETTLING);
    }
    return this;
  }

  /** Gives everything at once, as to a view that is made when all is there already. */
  HostedView giveAll(History history) {
    while (give(history, history.last(), Integer.MAX_VALUE)) {
      // The portion behind this one.
    }
    return settle();
  }

  /** Gives each change when it happens. */
  HostedView giveOneByOne(History history, Giving giving) {
    for (Change change : history.changes()) {
      undisturbed(history, change.sequence(), 1, giving);
    }
    return settle();
  }

  /**
   * Gives everything in portions of any size while the history goes on; the view settles now and
   * then, is opened again, and sometimes its batch is thrown away.
   */
  HostedView giveAtRandom(History history, Random random) {
    List<Change> changes = history.changes();
    int happened = 0;
    int largest = 1 + random.nextInt(40);
    boolean more = true;
    while (happened < changes.size() || more) {
      happened = Math.min(changes.size(), happened + random.nextInt(largest + 1));
      long now = happened == 0 ? 0 : changes.get(happened - 1).sequence();
      Giving giving =
          switch (random.nextInt(8)) {
            case 0 -> Giving.IN_VAIN;
            case 1 -> Giving.NEVER_FRESH;
            default -> Giving.PLAINLY;
          };
      more = undisturbed(history, now, 1 + random.nextInt(largest), giving);
      switch (random.nextInt(8)) {
        case 0 -> reopen();
        case 1 -> settleOnce();
        case 2 -> settle();
        case 3 -> settleInVain();
        default -> {
          // On with the next.
        }
      }
    }
    return settle();
  }

  /** The answers to everything that can be asked, as {@code reader} has them. */
  List<String> answers(StoreReader reader) {
    return Answers.all(view(), example, reader);
  }

  /** The answers now. */
  List<String> answers() {
    try (StoreSnapshot now = store.snapshot()) {
      return answers(now);
    }
  }

  /** Everything in the view's keyspace, in order. */
  List<String> bytes() {
    HexFormat hex = HexFormat.of();
    List<String> all = new ArrayList<>();
    try (StoreCursor cursor = store.range(rows, KeyRange.all())) {
      while (cursor.advance()) {
        all.add(hex.formatHex(cursor.key()) + "=" + hex.formatHex(cursor.value()));
      }
    }
    return all;
  }
}
