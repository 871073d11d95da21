package io.millrace.engine.index;

import io.millrace.api.store.StoreBatch;
import io.millrace.engine.index.BucketState.Counters;
import io.millrace.engine.record.BinaryWriter;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the index that become visible together. While it is filled, it shows what the index
 * will be; nobody else sees any of it before {@link #apply}, and nobody ever does when it is thrown
 * away.
 *
 * <p>For one thread.
 */
public final class IndexUpdate {
  /** Ids of the documents that define queries begin with this. */
  public static final String DEFINITION_PREFIX = "_query/";

  private final DocumentIndex index;
  private final List<Transition> transitions = new ArrayList<>();
  private final Map<DocumentKey, DocumentRow> rows = new HashMap<>();
  private final Map<String, BucketState> created = new LinkedHashMap<>();
  private final Map<Integer, BucketState> createdByNumber = new HashMap<>();
  private final Map<BucketState, Counters> counters = new LinkedHashMap<>();
  private final Map<BucketState, Long> dropped = new LinkedHashMap<>();
  private final Map<BucketState, Long> revived = new LinkedHashMap<>();
  private final Map<DocumentKey, Boolean> definitions = new LinkedHashMap<>();

  /** The newest purge that was erased, by the number of its bucket. */
  private final Map<Integer, Long> forgotten = new LinkedHashMap<>();

  /** What comes before this and is not in the index yet; null when there is nothing such. */
  private @Nullable IndexUpdate predecessor;

  /** What was taken out of memory and not written, because it would show; null when nothing was. */
  private @Nullable StoreBatch later;

  /**
   * The sequences that are those of newest changes no more, by bucket, as far as the changes were
   * taken out of memory. Put in order before they are removed, which spares the store much time.
   */
  private final Map<Integer, LongStream.Builder> former = new HashMap<>();

  /** What was taken out of memory and is written by another thread; null when none does. */
  private @Nullable DeferredBatches deferred;

  private boolean applied;

  /** Whether documents are purged; then nothing else is done to documents here. */
  private boolean purges;

  /** An update of what is in the index. */
  public IndexUpdate(DocumentIndex index) {
    this(index, null);
  }

  /**
   * An update that is applied after {@code predecessor}, and shows what both will make of the
   * index.
   */
  public IndexUpdate(DocumentIndex index, @Nullable IndexUpdate predecessor) {
    this.index = index;
    this.predecessor = predecessor;
  }

  /** The predecessor until it is applied: from then on the index itself knows. */
  private @Nullable IndexUpdate predecessor() {
    if (predecessor != null && predecessor.applied) {
      predecessor = null;
    }
    return predecessor;
  }

  /** A query whose definition was written or deleted. */
  public record ChangedDefinition(BucketState bucket, String name) {}

  /** The row of a document as it will be; null when there is none. */
  public @Nullable DocumentRow row(int bucket, String id) {
    DocumentKey key = new DocumentKey(bucket, id);
    for (IndexUpdate update = this; update != null; update = update.predecessor()) {
      DocumentRow row = update.rows.get(key);
      if (row != null || update.createdByNumber.containsKey(bucket)) {
        return row == null || row.leaves().isEmpty() ? null : row;
      }
    }
    BucketState state = index.buckets().numbered(bucket);
    return state != null && index.isBeyondAll(state, DocumentIndex.utf8(id))
        ? null
        : index.row(bucket, id);
  }

  /** Whether a change of the document is not in the index yet. */
  public boolean touches(int bucket, String id) {
    IndexUpdate before = predecessor();
    return rows.containsKey(new DocumentKey(bucket, id))
        || (before != null && before.touches(bucket, id));
  }

  /** The bucket called {@code name} as it will be; null when there is none. */
  public @Nullable BucketState bucket(String name) {
    BucketState made = created.get(name);
    if (made != null) {
      return made;
    }
    IndexUpdate before = predecessor();
    for (BucketState again : revived.keySet()) {
      if (again.name().equals(name)) {
        return again;
      }
    }
    BucketState present = before == null ? index.buckets().named(name) : before.bucket(name);
    return present == null || dropped.containsKey(present) ? null : present;
  }

  /** The number for the next bucket. */
  public int nextBucketNumber() {
    IndexUpdate before = predecessor();
    int next = before == null ? index.buckets().highestNumber() + 1 : before.nextBucketNumber();
    return next + createdByNumber.size();
  }

  /** A bucket that may be added with {@link #create}. */
  public static BucketState newBucket(CreatedBucket bucket, long sequence, long timeMillis) {
    return new BucketState(bucket.number(), bucket.name(), sequence, timeMillis);
  }

  /** Adds a bucket. */
  public void create(BucketState bucket) {
    created.put(bucket.name(), bucket);
    createdByNumber.put(bucket.number(), bucket);
    counters.put(bucket, bucket.counters());
  }

  /** Drops a bucket. */
  public void drop(BucketState bucket, long sequence) {
    dropped.put(bucket, sequence);
    counters.put(bucket, counters(bucket));
  }

  /** Brings a dropped bucket back. */
  public void revive(BucketState bucket, long sequence) {
    revived.put(bucket, sequence);
    counters.put(bucket, counters(bucket));
  }

  /** The sequence of the newest change of {@code bucket} as it will be. */
  public long lastSequence(BucketState bucket) {
    return counters(bucket).lastSequence();
  }

  private Counters counters(BucketState bucket) {
    Counters here = counters.get(bucket);
    if (here != null) {
      return here;
    }
    IndexUpdate before = predecessor();
    return before == null ? bucket.counters() : before.counters(bucket);
  }

  /** The bucket with this number, as it will be; null when there is none. */
  public @Nullable BucketState numbered(int number) {
    BucketState made = createdByNumber.get(number);
    if (made != null) {
      return made;
    }
    IndexUpdate before = predecessor();
    return before == null ? index.buckets().numbered(number) : before.numbered(number);
  }

  /** Adds what a change does. */
  public void add(BucketState bucket, Transition transition) {
    transitions.add(transition);
    String id = transition.change().id();
    DocumentKey key = new DocumentKey(bucket.number(), id);
    rows.put(key, transition.after());
    index.remember(bucket, DocumentIndex.utf8(id));
    boolean internal = id.startsWith("_");
    purges |= transition.purges();
    if (internal && id.startsWith(DEFINITION_PREFIX)) {
      definitions.put(key, transition.after().leaves().live());
    }
    count(bucket, transition, internal);
  }

  private void count(BucketState bucket, Transition transition, boolean internal) {
    DocumentRow before = transition.before();
    DocumentRow after = transition.after();
    Counters now = counters(bucket);
    boolean wasLive = before != null && before.leaves().live();
    boolean isLive = after.leaves().live();
    long documents = internal ? 0 : (isLive ? 1 : 0) - (wasLive ? 1 : 0);
    boolean isDeleted = !isLive && !transition.purges();
    long deleted = internal ? 0 : (isDeleted ? 1 : 0) - (before == null || wasLive ? 0 : 1);
    long bytes =
        internal
            ? 0
            : (isLive ? after.winnerBytes() : 0)
                - (before != null && wasLive ? before.winnerBytes() : 0);
    counters.put(bucket, now.plus(documents, deleted, bytes, transition.sequence()));
  }

  /**
   * Passes over a change that was erased: it counts as one of its bucket, and no more.
   *
   * @param purge whether it was the purge itself
   */
  public void addErased(BucketState bucket, long sequence, boolean purge) {
    counters.put(bucket, counters(bucket).plus(0, 0, 0, sequence));
    if (purge) {
      forgotten.put(bucket.number(), sequence);
    }
  }

  /** Whether documents are purged. What comes before and after belongs into other updates. */
  public boolean purges() {
    return purges;
  }

  /** Whether documents change. */
  public boolean changesDocuments() {
    return !rows.isEmpty();
  }

  /**
   * The change at {@code sequence} if it is part of this update, and so not in the log yet; null
   * otherwise.
   */
  public @Nullable StoredChange pendingChange(long sequence) {
    // Changes are added in sequence order without gaps.
    long at = transitions.isEmpty() ? -1 : sequence - transitions.get(0).sequence();
    return at < 0 || at >= transitions.size() ? null : transitions.get((int) at).change();
  }

  /** How many changes were added and are in memory. */
  public int size() {
    return transitions.size();
  }

  /**
   * Has {@code thread} write what {@link #spill} takes out of memory for the store, and only once
   * {@code durable} is complete: so the changes can be added while the log still takes them, and
   * the store never knows what the log does not.
   *
   * @param thread runs one thing after the other
   */
  public void deferSpilling(CompletionStage<?> durable, Executor thread) {
    deferred = new DeferredBatches(index.store(), durable, thread);
  }

  /**
   * Takes the changes added so far out of memory, for commits that are large. What nobody looks for
   * before the checkpoint, since it lies behind a sequence that is not there yet, goes to the
   * store; the rest follows in one batch with the checkpoint. Afterwards the rows of the documents
   * cannot be asked any more, except that of the last one.
   *
   * @throws io.millrace.api.error.MillraceException when the store fails, or the log did not take
   *     the changes; then this update can only be {@linkplain #clear cleared}
   */
  public void spill() {
    if (transitions.isEmpty()) {
      return;
    }
    Transition last = transitions.get(transitions.size() - 1);
    List<Keyed> taken = keyed();
    List<Keyed> byKey = new ArrayList<>(taken);
    byKey.sort((one, other) -> Arrays.compareUnsigned(one.key(), other.key()));
    Consumer<StoreBatch> filling =
        hidden -> {
          addHidden(hidden, byKey, taken);
          // Should the log lose these sequences, the rows must not be taken for those of others.
          hidden.put(
              index.meta,
              DocumentIndex.HIDDEN,
              new BinaryWriter(9).varint(last.sequence()).toBytes());
        };
    if (deferred == null) {
      try (StoreBatch hidden = index.store().batch()) {
        filling.accept(hidden);
        index.store().write(hidden);
      }
    } else {
      deferred.add(filling);
    }
    if (later == null) {
      later = index.store().batch();
    }
    addDocuments(later, byKey);
    for (Keyed one : taken) {
      if (one.formerSequence() != 0) {
        former
            .computeIfAbsent(one.transition().change().bucket(), key -> LongStream.builder())
            .add(one.formerSequence());
      }
    }
    transitions.clear();
    rows.clear();
    rows.put(new DocumentKey(last.change().bucket(), last.change().id()), last.after());
  }

  /** Forgets everything, as if this were new; what another thread was to write is done or never. */
  public void clear() {
    if (deferred != null) {
      deferred.settle();
      deferred = null;
    }
    transitions.clear();
    former.clear();
    rows.clear();
    created.clear();
    createdByNumber.clear();
    counters.clear();
    dropped.clear();
    revived.clear();
    definitions.clear();
    forgotten.clear();
    purges = false;
    if (later != null) {
      later.close();
      later = null;
    }
  }

  /**
   * Writes everything to the store, with {@code checkpoint}, and makes it visible.
   *
   * @throws IllegalStateException when the predecessor was not applied
   */
  public void apply(Checkpoint checkpoint) {
    write(checkpoint);
    publish();
  }

  /**
   * Writes everything to the store, with {@code checkpoint}. May be called by another thread than
   * everything else, while the next update is filled; writing twice is as writing once.
   *
   * @throws IllegalStateException when the predecessor was not applied
   */
  public void write(Checkpoint checkpoint) {
    if (predecessor != null && !predecessor.applied) {
      throw new IllegalStateException("the update before this one is not in the index");
    }
    if (later != null) {
      spill();
      removeSpilledFormer(later);
      if (deferred != null) {
        deferred.finish();
      }
      addState(later, checkpoint);
      later.delete(index.meta, DocumentIndex.HIDDEN);
      index.store().write(later);
      later.close();
      later = null;
      return;
    }
    List<Keyed> keyed = keyed();
    try (StoreBatch batch = index.store().batch()) {
      addHidden(batch, keyed, keyed);
      addDocuments(batch, keyed);
      removeFormer(batch, keyed);
      addState(batch, checkpoint);
      index.store().write(batch);
    }
  }

  /** Adds what is not kept for each change. */
  private void addState(StoreBatch batch, Checkpoint checkpoint) {
    definitions.forEach(
        (key, live) -> {
          byte[] row =
              DocumentIndex.definitionKey(
                  key.bucket(), key.id().substring(DEFINITION_PREFIX.length()));
          if (live) {
            batch.put(index.meta, row, DocumentIndex.noValue());
          } else {
            batch.delete(index.meta, row);
          }
        });
    forgotten.forEach(
        (bucket, sequence) ->
            batch.put(
                index.meta,
                DocumentIndex.forgottenKey(bucket),
                new BinaryWriter(9).varint(sequence).toBytes()));
    counters.forEach(
        (bucket, now) ->
            batch.put(
                index.meta,
                DocumentIndex.bucketKey(bucket.number()),
                bucket.encode(now, lifetime(bucket))));
    batch.put(index.meta, DocumentIndex.CHECKPOINT, checkpoint.encode());
  }

  private Lifetime lifetime(BucketState bucket) {
    Long end = dropped.get(bucket);
    Long again = revived.get(bucket);
    if (end != null) {
      return bucket.lifetime().ended(end);
    }
    return again == null ? bucket.lifetime() : bucket.lifetime().begunAgain(again);
  }

  /** A change with the key of its document. */
  private record Keyed(byte[] key, byte[] id, Transition transition) {
    /** Where the document stood among the newest changes; 0 when there was none. */
    long formerSequence() {
      DocumentRow before = transition.before();
      return before == null ? 0 : before.lastSequence();
    }
  }

  /** The changes in their order. */
  private List<Keyed> keyed() {
    List<Keyed> keyed = new ArrayList<>(transitions.size());
    for (Transition transition : transitions) {
      byte[] id = DocumentIndex.utf8(transition.change().id());
      keyed.add(new Keyed(Keys.document(transition.change().bucket(), id), id, transition));
    }
    return keyed;
  }

  /**
   * Adds the rows whose keys hold a sequence that is not there yet. One keyspace after the other: a
   * store takes keys that follow one another faster than keys that jump.
   *
   * @param byKey the changes in an order of their documents that suits the store
   * @param changes the same in their order
   */
  private void addHidden(StoreBatch batch, List<Keyed> byKey, List<Keyed> changes) {
    for (Keyed one : byKey) {
      Transition transition = one.transition();
      if (!transition.purges()) {
        batch.put(
            index.history,
            Keys.history(transition.change().bucket(), one.id(), transition.sequence()),
            transition.historyRow().encode());
      }
    }
    for (Keyed one : changes) {
      Transition transition = one.transition();
      byte[] key = Keys.sequence(transition.change().bucket(), transition.sequence());
      batch.put(index.activity, key, DocumentIndex.noValue());
    }
    for (Keyed one : changes) {
      if (!one.transition().purges()) {
        addLatest(batch, one.transition());
      }
    }
  }

  private void addLatest(StoreBatch batch, Transition transition) {
    long winner =
        transition.purges() ? transition.sequence() : transition.after().winner().sequence();
    batch.put(
        index.latest,
        Keys.sequence(transition.change().bucket(), transition.sequence()),
        winner == transition.sequence()
            ? DocumentIndex.noValue()
            : new BinaryWriter(9).varint(winner).toBytes());
  }

  /** Adds the rows that say what the documents are now. */
  private void addDocuments(StoreBatch batch, List<Keyed> keyed) {
    for (Keyed one : keyed) {
      if (one.transition().purges()) {
        index.purges().remove(batch, one.transition(), one.id());
        addLatest(batch, one.transition());
      } else {
        batch.put(index.documents, one.key(), one.transition().after().encode());
      }
    }
  }

  /**
   * Removes the rows of changes that are the newest of their documents no more. After all that
   * {@link #addHidden} adds, since a document may change twice.
   */
  private void removeFormer(StoreBatch batch, List<Keyed> keyed) {
    for (Keyed one : keyed) {
      if (one.formerSequence() != 0) {
        batch.delete(
            index.latest, Keys.sequence(one.transition().change().bucket(), one.formerSequence()));
      }
    }
  }

  private void removeSpilledFormer(StoreBatch batch) {
    former.forEach(
        (bucket, sequences) ->
            sequences
                .build()
                .sorted()
                .forEach(at -> batch.delete(index.latest, Keys.sequence(bucket, at))));
    former.clear();
  }

  /** Makes everything visible, after it was written. */
  public void publish() {
    created.values().forEach(index.buckets()::add);
    counters.forEach(BucketState::count);
    dropped.keySet().forEach(bucket -> bucket.live(lifetime(bucket)));
    revived.keySet().forEach(bucket -> bucket.live(lifetime(bucket)));
    applied = true;
  }

  /** The buckets whose documents change, or that are made or dropped. */
  public Set<BucketState> touchedBuckets() {
    return counters.keySet();
  }

  /** The buckets that are brought back. */
  public Set<BucketState> revivedBuckets() {
    return revived.keySet();
  }

  /** Whether buckets are dropped or brought back, after which another update must begin. */
  public boolean endsOrRevivesBuckets() {
    return !dropped.isEmpty() || !revived.isEmpty();
  }

  /** The buckets that are dropped. */
  public Set<BucketState> droppedBuckets() {
    return dropped.keySet();
  }

  /** The definitions that are written or deleted. */
  public List<ChangedDefinition> changedDefinitions() {
    List<ChangedDefinition> changed = new ArrayList<>();
    for (DocumentKey key : definitions.keySet()) {
      BucketState bucket = numbered(key.bucket());
      if (bucket != null) {
        changed.add(new ChangedDefinition(bucket, key.id().substring(DEFINITION_PREFIX.length())));
      }
    }
    return changed;
  }
}
