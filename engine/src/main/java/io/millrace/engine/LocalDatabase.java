package io.millrace.engine;

import io.millrace.api.Activity;
import io.millrace.api.BackupInfo;
import io.millrace.api.Bucket;
import io.millrace.api.BucketInfo;
import io.millrace.api.CommitFilter;
import io.millrace.api.Database;
import io.millrace.api.DatabaseInfo;
import io.millrace.api.LogVerification;
import io.millrace.api.Retention;
import io.millrace.api.RolledBack;
import io.millrace.api.Task;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.BucketName;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.DocumentId;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Moment;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.api.replication.Peers;
import io.millrace.api.replication.Transport;
import io.millrace.api.store.Store;
import io.millrace.api.sync.SyncServer;
import io.millrace.engine.folder.DataFolder;
import io.millrace.engine.folder.FolderFiles;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.forget.Compactions;
import io.millrace.engine.forget.Retentions;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.Checkpoint;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.maintenance.Backup;
import io.millrace.engine.maintenance.LogProof;
import io.millrace.engine.read.ActivityReader;
import io.millrace.engine.read.DocumentReader;
import io.millrace.engine.read.HistoryReader;
import io.millrace.engine.read.Moments;
import io.millrace.engine.read.ReadHorizon;
import io.millrace.engine.replication.DatabaseReplica;
import io.millrace.engine.replication.NoPeers;
import io.millrace.engine.replication.PeersFile;
import io.millrace.engine.replication.Replication;
import io.millrace.engine.replication.ReplicationOptions;
import io.millrace.engine.replication.ThreadLoop;
import io.millrace.engine.rollback.Rollbacks;
import io.millrace.engine.sync.BucketSync;
import io.millrace.engine.view.Views;
import io.millrace.engine.write.Recovery;
import io.millrace.engine.write.Writer;
import io.millrace.engine.write.WriterListener;
import io.millrace.engine.write.WriterOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database in a folder of this machine. */
final class LocalDatabase implements Database {
  private static final int MAX_QUEUED_WRITES = 16_384;
  private static final long MAX_QUEUED_BYTES = 32L << 20;
  private static final long MAX_BATCH_BYTES = 4L << 20;
  private static final long LONGEST_BACKUP_WAIT_SECONDS = 10;

  private final DataFolder folder;
  private final UUID uuid;
  private final String node;
  private final List<DatabaseInfo.Module> modules;
  private final DocumentIndex index;
  private final EngineLog log;
  private final Writer writer;
  private final Views views;
  private final DocumentReader documents;
  private final ActivityReader activity;
  private final DocumentIds ids;
  private final Moments moments;
  private final HistoryReader history;
  private final Backup backup;
  private final Rollbacks rollbacks;
  private final Retentions retentions;
  private final Compactions compactions;
  private final DatabaseReplica replica;
  private final @Nullable Replication replication;

  /** What was opened, newest first: the order in which it is closed. */
  private final Deque<AutoCloseable> opened;

  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalDatabase(MillraceBuilder options, Deque<AutoCloseable> opened) {
    this.opened = opened;
    ChosenModules chosen = new ChosenModules(options);
    folder = DataFolder.take(options.folder, options.clock.instant());
    opened.push(folder);
    uuid =
        folder.identify(randomUuid(options), options.clock.instant(), chosen.log(), chosen.store());
    node = options.node;
    modules = chosen.infos();
    log = new EngineLog(() -> chosen.openLog(folder.log()));
    opened.push(log);
    Store store = chosen.openStore(folder.store());
    opened.push(store);
    Recovery.prepare(store, log, options.acceptLoss || !options.everyWriteForced());
    index = new DocumentIndex(store);
    TreeLoader trees = new TreeLoader(index, log, options.treeDepth);
    WriterListener nobody = (update, sequence) -> {};
    Checkpoint recovered = new Recovery(log, index, trees).run(nobody);
    Recovery.settlePurges(index.purges(), log);
    Listeners listeners = new Listeners();
    writer =
        new Writer(
            log,
            index,
            trees,
            recovered,
            new WriterOptions(
                options.autoCreateBuckets,
                options.maxBodyBytes,
                MAX_QUEUED_WRITES,
                MAX_QUEUED_BYTES,
                MAX_BATCH_BYTES),
            options.clock,
            options.meters,
            listeners);
    opened.push(writer);
    ReadHorizon horizon = new ReadHorizon(writer.since());
    documents = new DocumentReader(index, log, horizon, options.meters);
    moments = new Moments(log, writer.since(), options.clock);
    activity = new ActivityReader(index, log, writer.since(), moments);
    views =
        new Views(
            index,
            log,
            log.incarnation(),
            writer.since(),
            horizon,
            chosen.openViews(folder.store()),
            options.clock,
            options.meters);
    // Views end before the writer, so that nothing waits for a view that will not move any more.
    opened.push(views);
    opened.push(activity);
    views.start();
    replica =
        new DatabaseReplica(
            uuid, index, log, trees, writer.since(), writer::commit, options.maxBodyBytes);
    listeners.set(views, activity, replica);
    ids = new DocumentIds(options.clock, options.random);
    history = new HistoryReader(index, log, trees, documents, moments);
    backup =
        new Backup(
            uuid,
            log,
            Manifest.Module.of(chosen.log()),
            store,
            Manifest.Module.of(chosen.store()),
            folder.path(),
            options.clock);
    rollbacks = new Rollbacks(index, log, trees, writer, folder.path(), options.clock);
    opened.push(rollbacks);
    retentions = new Retentions(index, log);
    compactions =
        new Compactions(
            index,
            log,
            writer.since(),
            horizon,
            views,
            retentions,
            moments::sequenceAt,
            options.compactionRate,
            options.compactionInterval,
            options.clock);
    opened.push(compactions);
    opened.push(replica);
    replication = replication(options, chosen.openTransport(folder.transport()));
    options.meters.gauge("sequence", "", "the last sequence", () -> writer.since().value());
    if (replication != null) {
      replication.start();
    }
  }

  /** Prepares what exchanges documents with peers; null without a transport. */
  private @Nullable Replication replication(
      MillraceBuilder options, @Nullable Transport transport) {
    PeersFile book = new PeersFile(folder.path());
    if (transport == null) {
      // Damage is told at once, not when somebody chooses a transport again.
      book.load();
      return null;
    }
    opened.push(transport);
    ThreadLoop loop = new ThreadLoop("millrace-replication");
    opened.push(loop);
    Replication made =
        new Replication(
            replica,
            transport,
            loop,
            book,
            options.random,
            ReplicationOptions.defaults(node),
            options.meters,
            options.clock);
    opened.push(made);
    return made;
  }

  /**
   * Passes on what the writer says; nobody listens before the database is open, and nobody writes.
   */
  private static final class Listeners implements WriterListener {
    private volatile List<WriterListener> all = List.of();

    void set(WriterListener... listeners) {
      all = List.of(listeners);
    }

    @Override
    public void indexed(IndexUpdate update, long sequence) {
      all.forEach(listener -> listener.indexed(update, sequence));
    }
  }

  static LocalDatabase open(MillraceBuilder options) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return new LocalDatabase(options, opened);
    } catch (RuntimeException | Error e) {
      closeAll(opened, e);
      throw e;
    }
  }

  private static UUID randomUuid(MillraceBuilder options) {
    long high = options.random.nextLong() & ~0xf000L | 0x4000L;
    long low = options.random.nextLong() >>> 2 | Long.MIN_VALUE;
    return new UUID(high, low);
  }

  /** What replication works with. */
  DatabaseReplica replica() {
    return replica;
  }

  @Override
  public UUID uuid() {
    return uuid;
  }

  @Override
  public ObservableSequence since() {
    return writer.since();
  }

  @Override
  public CompletionStage<CommitOutcome> commit(CommitRequest request) {
    try {
      check(request);
    } catch (InvalidRequestException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (request.kind() != CommitKind.PURGE) {
      return writer.commit(request);
    }
    return writer
        .commit(request)
        .thenApply(
            outcome -> {
              compactions.start();
              return outcome;
            });
  }

  /** Definitions and retentions are documents whose ids no client can give. */
  private CompletionStage<CommitOutcome> commitDefinition(CommitRequest request) {
    return attributed(request.attribution(), () -> writer.commit(request));
  }

  /** What {@code write} gives, unless no write can have {@code attribution}. */
  private static <T> CompletionStage<T> attributed(
      Attribution attribution, Supplier<CompletionStage<T>> write) {
    try {
      requireOwn(attribution);
    } catch (InvalidRequestException e) {
      return CompletableFuture.failedFuture(e);
    }
    return write.get();
  }

  /** Only what a peer sent has been written elsewhere. */
  private static void requireOwn(Attribution attribution) {
    Attribution.require(attribution);
    if (attribution.origin() != null) {
      throw new InvalidRequestException(
          "invalid-attribution", "a write that is made here has no origin elsewhere");
    }
  }

  private static void check(CommitRequest request) {
    if (request.kind() == CommitKind.REPLICATED) {
      Attribution.require(request.attribution());
    } else {
      requireOwn(request.attribution());
    }
    if (request.edits().isEmpty()) {
      throw new InvalidRequestException("empty-commit", "a commit needs at least one edit");
    }
    Set<List<String>> seen = request.edits().size() > 1 ? new HashSet<>() : Set.of();
    for (Edit edit : request.edits()) {
      if (edit instanceof Edit.Purge != (request.kind() == CommitKind.PURGE)) {
        throw new InvalidRequestException(
            "mixed-purge", "a purge is a commit of its own, of its own kind");
      }
      BucketName.require(edit.bucket());
      if (!(edit instanceof Edit.Unchanged)) {
        DocumentId.require(edit.id());
      }
      if (request.edits().size() > 1 && !seen.add(List.of(edit.bucket(), edit.id()))) {
        throw new InvalidRequestException(
            "duplicate-document",
            "the document " + edit.id() + " of " + edit.bucket() + " occurs twice in one commit");
      }
    }
  }

  @Override
  public Bucket bucket(String name) {
    BucketName.require(name);
    return new LocalBucket(
        this, name, documents, activity, history, views.of(name, this::commitDefinition));
  }

  SyncServer syncOf(String bucket) {
    return new BucketSync(bucket, index, log, this::commit, this::ensureOpen);
  }

  @Override
  public List<BucketInfo> buckets() {
    ensureOpen();
    return index.buckets().infos();
  }

  @Nullable BucketInfo bucketInfo(String name) {
    ensureOpen();
    return index.buckets().info(name);
  }

  @Nullable Retention retention(String bucket) {
    ensureOpen();
    BucketState state = index.buckets().named(bucket);
    return state == null ? null : retentions.of(state);
  }

  CompletionStage<CommitOutcome> retain(
      String bucket, @Nullable Retention retention, Attribution attribution) {
    if (Objects.equals(retention(bucket), retention)) {
      return CompletableFuture.completedFuture(
          new CommitOutcome.Committed(since().value(), List.of()));
    }
    return commitDefinition(
        CommitRequest.write(List.of(Retentions.edit(bucket, retention)), attribution));
  }

  boolean existedAt(String bucket, long sequence) {
    return index.buckets().namedAt(bucket, sequence) != null;
  }

  @Override
  public CompletionStage<Long> createBucket(String name, Attribution attribution) {
    BucketName.require(name);
    return attributed(attribution, () -> writer.createBucket(name, attribution));
  }

  @Override
  public CompletionStage<Long> dropBucket(String name, Attribution attribution) {
    BucketName.require(name);
    return attributed(attribution, () -> writer.dropBucket(name, attribution));
  }

  @Override
  public LogVerification verify(long from, long to, @Nullable CommitDigest noted) {
    ensureOpen();
    return new LogProof(log).verify(from, to, since().value(), noted);
  }

  @Override
  public CommitDigest digestOf(Commit commit) {
    ensureOpen();
    return writer.digestAt(commit.last());
  }

  @Override
  public CompletionStage<RolledBack> rollback(long to, Attribution attribution) {
    return rollbacks.run(null, to, attribution);
  }

  @Override
  public CompletionStage<RolledBack> rollback(String bucket, long to, Attribution attribution) {
    BucketName.require(bucket);
    return rollbacks.run(bucket, to, attribution);
  }

  @Override
  public RolledBack previewRollback(long to) {
    ensureOpen();
    return rollbacks.preview(null, to);
  }

  @Override
  public RolledBack previewRollback(String bucket, long to) {
    ensureOpen();
    BucketName.require(bucket);
    return rollbacks.preview(bucket, to);
  }

  @Override
  public Activity activity() {
    return activity.all();
  }

  @Override
  public long sequenceAt(Instant time) {
    ensureOpen();
    return moments.sequenceAt(time);
  }

  @Override
  public long resolve(Moment moment) {
    ensureOpen();
    return moments.resolve(moment);
  }

  @Override
  public Cursor<Commit> commits(SequenceRange range, CommitFilter filter) {
    ensureOpen();
    return history.commits(range, filter);
  }

  @Override
  public Peers peers() {
    ensureOpen();
    return replication == null ? new NoPeers() : replication;
  }

  @Override
  public String newDocumentId() {
    return ids.next();
  }

  @Override
  public DatabaseInfo info() {
    ensureOpen();
    return new DatabaseInfo(
        uuid,
        node,
        since().value(),
        FolderFiles.sizeOf(folder.log()),
        index.store().sizeBytes(),
        compactions.reclaimedBytes(),
        modules,
        writer.failure());
  }

  @Override
  public BackupInfo backup(Path to) {
    ensureOpen();
    BackupInfo made = backup.run(to);
    // The log may be a batch ahead of what can be read. Whoever hears of a sequence shall see it,
    // unless the store stands still: the backup is whole in any case.
    writer
        .since()
        .whenAtLeast(made.sequence())
        .toCompletableFuture()
        .orTimeout(LONGEST_BACKUP_WAIT_SECONDS, TimeUnit.SECONDS)
        .handle((sequence, late) -> made)
        .join();
    return made;
  }

  @Override
  public void compact() {
    ensureOpen();
    compactions.compact();
  }

  @Override
  public List<Task> tasks() {
    ensureOpen();
    List<Task> tasks = new ArrayList<>(views.tasks());
    tasks.addAll(backup.tasks());
    tasks.addAll(rollbacks.tasks());
    tasks.addAll(compactions.tasks());
    if (replication != null) {
      tasks.addAll(replication.tasks());
    }
    return tasks;
  }

  void ensureOpen() {
    if (closed.get()) {
      throw new UnavailableException("closed", "the database is closed");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closeAll(opened, null);
    }
  }

  private static void closeAll(Deque<AutoCloseable> opened, @Nullable Throwable cause) {
    Throwable first = cause;
    for (AutoCloseable part : opened) {
      try {
        part.close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (cause == null && first instanceof RuntimeException failure) {
      throw failure;
    }
  }
}
