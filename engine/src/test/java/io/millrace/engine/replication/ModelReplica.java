package io.millrace.engine.replication;

import io.millrace.api.document.Revision;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.engine.replication.OfferedDocument.Offered;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.Leaves;
import io.millrace.engine.revision.RevisionTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One life of a {@link ModelDatabase}: everything takes a while, and some of it may fail. */
final class ModelReplica implements Replica {
  private final ModelDatabase database;
  private final SimulatedLoop loop;
  private final RandomGenerator random;
  private final Watcher watcher;
  private final List<Waiting> waiting = new ArrayList<>();
  private int troubles;

  /** Looks at a database whenever something was done to it. */
  interface Watcher {
    /** A checkpoint was noted. */
    void noted(UUID source, Selection selection, PullCheckpoint checkpoint);
  }

  private record Waiting(long sequence, CompletableFuture<Long> reached) {}

  ModelReplica(
      ModelDatabase database, SimulatedLoop loop, RandomGenerator random, Watcher watcher) {
    this.database = database;
    this.loop = loop;
    this.random = random;
    this.watcher = watcher;
  }

  /** How many of 1,000 inserts and checkpoints fail from now on, and fewer of everything else. */
  void troubles(int ofThousand) {
    troubles = ofThousand;
  }

  /** How many wait for changes. */
  int waiting() {
    return waiting.size();
  }

  private long pause() {
    return random.nextInt(16) == 0 ? random.nextInt(200) : random.nextInt(3);
  }

  private <T extends @Nullable Object> CompletionStage<T> later(Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.elsewhere(
        pause(),
        () -> {
          T value;
          try {
            if (random.nextInt(1_000) < troubles / 8) {
              throw new UnavailableException("closed", "the simulated disk is gone for a while");
            }
            value = work.get();
          } catch (MillraceException e) {
            loop.elsewhere(pause(), () -> done.completeExceptionally(e));
            return;
          }
          loop.elsewhere(pause(), () -> done.complete(value));
        });
    return done;
  }

  /** Something was written. */
  void grown() {
    for (Waiting each : List.copyOf(waiting)) {
      if (each.reached().isDone()) {
        waiting.remove(each);
      } else if (each.sequence() <= database.since()) {
        waiting.remove(each);
        loop.elsewhere(pause(), () -> each.reached().complete(database.since()));
      }
    }
  }

  @Override
  public UUID database() {
    return database.id();
  }

  @Override
  public Incarnation incarnation() {
    return database.incarnation();
  }

  @Override
  public long since() {
    return database.since();
  }

  @Override
  public CompletionStage<Long> whenAtLeast(long sequence) {
    CompletableFuture<Long> reached = new CompletableFuture<>();
    waiting.add(new Waiting(sequence, reached));
    grown();
    return reached;
  }

  @Override
  public CompletionStage<Boolean> recognises(Anchor anchor) {
    return later(() -> database.recognises(anchor));
  }

  @Override
  public CompletionStage<Changes> changes(long after, Selection selection, int limit) {
    return later(
        () -> {
          List<OfferedDocument> documents = new ArrayList<>();
          long to = after;
          while (to < database.since() && documents.size() < limit) {
            ModelRecord record = database.record(++to);
            if (selection.includes(record.key().bucket())) {
              offer(documents, record, selection);
            }
          }
          long time = to == 0 ? 0 : database.record(to).timeMillis();
          return new Changes(documents, to, database.anchorAt(database.since()), time);
        });
  }

  private void offer(List<OfferedDocument> documents, ModelRecord record, Selection selection) {
    List<Offered> offered = new ArrayList<>();
    if (selection.fullHistory()) {
      offered.add(new Offered(record.revision(), record.sequence()));
    } else if (database.latest(record.key()) == record.sequence()) {
      Leaves leaves = database.leaves(record.key());
      for (int i = 0; i < leaves.size(); i++) {
        offered.add(new Offered(leaves.get(i).revision(), leaves.get(i).sequence()));
      }
    }
    if (!offered.isEmpty()) {
      documents.add(new OfferedDocument(record.key().bucket(), record.key().id(), offered));
    }
  }

  @Override
  public CompletionStage<List<Wanted>> missing(
      List<OfferedDocument> documents, Selection selection) {
    return later(
        () -> {
          List<Wanted> wanted = new ArrayList<>();
          for (OfferedDocument document : documents) {
            DocumentKey key = new DocumentKey(document.bucket(), document.id());
            if (selection.includes(key.bucket())) {
              for (Offered offered : document.revisions()) {
                if (!isHere(key, offered.revision(), selection)) {
                  wanted.add(new Wanted(offered.sequence(), offered.revision(), knownLeaves(key)));
                }
              }
            }
          }
          return wanted;
        });
  }

  private boolean isHere(DocumentKey key, Revision revision, Selection selection) {
    return selection.fullHistory()
        ? database.find(key, revision) != null
        : database.tree(key).contains(revision);
  }

  private List<Revision> knownLeaves(DocumentKey key) {
    Leaves leaves = database.leaves(key);
    List<Revision> known = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      Leaf leaf = leaves.get(i);
      known.add(leaf.revision());
    }
    return known;
  }

  @Override
  public CompletionStage<Answer> read(List<Wanted> wanted, Selection selection, long maxBytes) {
    return later(
        () -> {
          List<Sent> sent = new ArrayList<>();
          long bytes = 0;
          int answered = 0;
          while (answered < wanted.size() && (bytes < maxBytes || sent.isEmpty())) {
            Wanted each = wanted.get(answered++);
            ModelRecord record =
                each.sequence() > database.since() ? null : database.record(each.sequence());
            if (record != null
                && record.revision().equals(each.revision())
                && selection.includes(record.key().bucket())) {
              Sent next = sent(record, each.known());
              bytes += next.body().length() + next.path().size() * Revision.DIGEST_BYTES;
              sent.add(next);
            }
          }
          return new Answer(sent, answered);
        });
  }

  private Sent sent(ModelRecord record, List<Revision> known) {
    RevisionTree tree = database.tree(record.key());
    List<Revision> path = new ArrayList<>();
    Set<Revision> ends = Set.copyOf(known);
    for (Revision each : tree.ancestry(record.revision())) {
      path.add(each);
      if (path.size() > 1 && ends.contains(each)) {
        break;
      }
    }
    return new Sent(
        record.sequence(),
        record.key().bucket(),
        record.key().id(),
        path,
        record.deleted(),
        record.body(),
        record.attribution());
  }

  @Override
  public CompletionStage<Void> insert(List<Sent> revisions) {
    return later(
        () -> {
          boolean fails = random.nextInt(1_000) < troubles;
          int count = fails ? random.nextInt(revisions.size() + 1) : revisions.size();
          database.insert(revisions.subList(0, count));
          grown();
          if (fails) {
            throw new UnavailableException("writer-full", "the simulated disk is busy");
          }
          return null;
        });
  }

  @Override
  public @Nullable PullCheckpoint checkpoint(UUID source, Selection selection) {
    return database.checkpoint(source, selection);
  }

  @Override
  public CompletionStage<Void> saveCheckpoint(
      UUID source, Selection selection, PullCheckpoint checkpoint) {
    return later(
        () -> {
          if (random.nextInt(1_000) < troubles) {
            throw new UnavailableException("store-full", "the simulated disk is busy");
          }
          database.note(source, selection, checkpoint);
          watcher.noted(source, selection, checkpoint);
          return null;
        });
  }
}
