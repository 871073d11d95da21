package io.millrace.engine.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Queries;
import io.millrace.api.Task;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.api.view.ViewInput;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentIndex.DefinedQuery;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.IndexUpdate.ChangedDefinition;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.read.DocumentReader;
import io.millrace.engine.read.ReadHorizon;
import io.millrace.engine.write.WriterListener;
import io.millrace.spi.Finder;
import io.millrace.spi.Meters;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All queries of a database.
 *
 * <p>Definitions are followed on the writer's thread, so a query is there when the write of its
 * definition is answered; everything else happens on a pool of as many threads as there are
 * processors. Safe for use by many threads.
 */
public final class Views implements WriterListener, AutoCloseable {
  private static final long CLOSE_SECONDS = 30;

  private final DocumentIndex index;
  private final RecordReader records;
  private final Map<String, ViewFactory> modules;
  private final ViewEnvironment environment;
  private final Map<Integer, BucketViews> buckets = new ConcurrentHashMap<>();
  private final WritePressure pressure = new WritePressure(System::nanoTime);
  private volatile boolean closed;

  /**
   * @param horizon is told of all reads
   * @param modules by the type that they compute; closed with this
   */
  public Views(
      DocumentIndex index,
      RecordReader records,
      Incarnation incarnation,
      ObservableSequence since,
      ReadHorizon horizon,
      Map<String, ViewFactory> modules,
      Clock clock,
      Meters meters) {
    this.index = index;
    this.records = records;
    this.modules = new TreeMap<>(modules);
    ChangeSource source = new ChangeSource(index, records);
    Portions portions = new Portions(source, since, index.store(), horizon);
    StepPool pool = new StepPool(pressure, portions::forget);
    this.environment =
        new ViewEnvironment(
            index.store(),
            incarnation,
            since,
            source,
            portions,
            new DocumentReader(index, records, horizon, meters),
            new ChangedDocuments(index, records),
            new ViewRegistry(index.store()),
            new ViewMeters(meters),
            clock,
            pool,
            new SharedSnapshots(() -> horizon.snapshot(index.store()), since, pool::after),
            horizon);
  }

  /** Takes up all queries that are defined. Called once, before anything is written. */
  public void start() {
    List<DefinedQuery> present = new ArrayList<>();
    try (var defined = index.definitions()) {
      while (defined.advance()) {
        BucketState bucket = index.buckets().numbered(defined.current().bucket());
        if (bucket != null && bucket.droppedSequence() == 0) {
          present.add(defined.current());
        }
      }
    }
    // What a query left behind that ended shortly before the database did.
    environment.registry().removeAllBut(Set.copyOf(present));
    for (DefinedQuery defined : present) {
      BucketState bucket = index.buckets().numbered(defined.bucket());
      DocumentRow row = index.row(defined.bucket(), IndexUpdate.DEFINITION_PREFIX + defined.name());
      if (bucket != null && row != null && row.leaves().live()) {
        viewsOf(bucket).define(defined.name(), body(row), row.winner().revision());
      }
    }
    buckets.values().forEach(views -> views.follow(null, true));
  }

  private BucketViews viewsOf(BucketState bucket) {
    return buckets.computeIfAbsent(
        bucket.number(), number -> new BucketViews(bucket, environment, modules));
  }

  private Body body(DocumentRow row) {
    return Body.ofCheckedJson(records.change(row.winner().sequence()).body());
  }

  @Override
  public void indexed(IndexUpdate update, long sequence) {
    if (closed
        || buckets.isEmpty()
            && update.changedDefinitions().isEmpty()
            && update.revivedBuckets().isEmpty()) {
      return;
    }
    for (BucketState dropped : update.droppedBuckets()) {
      BucketViews gone = buckets.remove(dropped.number());
      if (gone != null) {
        gone.retire(true);
      }
    }
    for (ChangedDefinition changed : update.changedDefinitions()) {
      if (changed.bucket().droppedSequence() == 0) {
        follow(changed.bucket(), changed.name());
      }
    }
    int most = 0;
    update.revivedBuckets().forEach(this::followAll);
    for (BucketState touched : update.touchedBuckets()) {
      BucketViews affected = buckets.get(touched.number());
      if (affected != null) {
        if (update.purges()) {
          forget(touched.number());
        }
        affected.wake();
        most = Math.max(most, affected.fedByLog());
      }
    }
    pressure.written(sequence, most);
  }

  /** Takes up the queries of a bucket that exists again. */
  private void followAll(BucketState bucket) {
    List<String> names = new ArrayList<>();
    try (var defined = index.definitions()) {
      while (defined.advance()) {
        if (defined.current().bucket() == bucket.number()) {
          names.add(defined.current().name());
        }
      }
    }
    names.forEach(name -> follow(bucket, name));
  }

  /** Makes the query called {@code name} what its document says now. */
  private void follow(BucketState bucket, String name) {
    DocumentRow row = index.row(bucket.number(), IndexUpdate.DEFINITION_PREFIX + name);
    BucketViews all = viewsOf(bucket);
    Query former = all.find(name);
    if (row == null || !row.leaves().live()) {
      all.undefine(name);
    } else if (former != null && former.revision().equals(row.winner().revision())) {
      return;
    } else {
      all.define(name, body(row), row.winner().revision());
    }
    all.follow(name, false);
  }

  /** The queries of one bucket, as its users see them. */
  public Queries of(
      String bucket, Function<CommitRequest, CompletionStage<CommitOutcome>> committer) {
    return new BucketQueries(this, bucket, committer);
  }

  /**
   * Checks a definition.
   *
   * @throws InvalidDefinitionException when it is refused
   */
  void validate(String bucket, String name, ObjectNode definition) {
    ViewDefinition read = Query.definition(bucket, name, definition);
    ViewFactory factory = modules.get(read.type());
    if (factory == null) {
      throw new InvalidDefinitionException(BucketViews.unknownType(read.type(), modules));
    }
    factory.validate(read);
    if (read.from() != null) {
      requireInput(read, read.from(), factory);
    }
  }

  private void requireInput(ViewDefinition definition, String from, ViewFactory factory) {
    String name = definition.name();
    if (from.equals(name)) {
      throw Composition.itself(name, from);
    }
    Query parent = find(definition.bucket(), from);
    if (parent == null) {
      throw Composition.unknown(from);
    }
    for (Query above = parent.parent(); above != null; above = above.parent()) {
      if (above.name().equals(name)) {
        throw Composition.itself(name, from);
      }
    }
    ViewFactory parentFactory = modules.get(parent.definition().type());
    if (parentFactory == null) {
      throw new InvalidDefinitionException(
          "from: the query " + from + " stands still: " + parent.failure());
    }
    try {
      requireFit(from, parentFactory, parent.definition(), factory, definition);
    } finally {
      environment.store().drop(environment.registry().unusedRows());
    }
  }

  /** Looks at views of both without their builds, which may not be open yet, or not exist. */
  private void requireFit(
      String from,
      ViewFactory parentFactory,
      ViewDefinition parent,
      ViewFactory factory,
      ViewDefinition definition) {
    try (View view = unused(parentFactory, parent)) {
      if (Composition.rowsOf(view) == null) {
        throw Composition.notFollowed(from);
      }
    }
    try (View view = unused(factory, definition)) {
      if (view.input() != ViewInput.DOCUMENTS) {
        throw Composition.everyChange(from);
      }
    }
  }

  /** A view that computes nothing. */
  private View unused(ViewFactory factory, ViewDefinition definition) {
    BucketState bucket = requireBucket(definition.bucket());
    return factory.open(
        definition,
        new ViewContext(
            environment.store(),
            environment.registry().unusedRows(),
            environment.documents().documents(bucket)));
  }

  /** What answers questions that were not defined before; null when no module does. */
  @Nullable Finder finder() {
    for (ViewFactory factory : modules.values()) {
      Finder finder = factory.finder();
      if (finder != null) {
        return finder;
      }
    }
    return null;
  }

  /** The bucket called {@code name}. */
  BucketState requireBucket(String name) {
    BucketState state = index.buckets().named(name);
    if (state == null) {
      throw new NotFoundException("unknown-bucket", "there is no bucket " + name);
    }
    return state;
  }

  /** The queries of a bucket by name; empty when there is no such bucket. */
  List<Query> list(String bucket) {
    BucketViews all = viewsOf(bucket);
    return all == null ? List.of() : List.copyOf(all.all());
  }

  /** One query; null when there is none. */
  @Nullable Query find(String bucket, String name) {
    BucketViews all = viewsOf(bucket);
    return all == null ? null : all.find(name);
  }

  private @Nullable BucketViews viewsOf(String bucket) {
    BucketState state = index.buckets().named(bucket);
    return state == null ? null : buckets.get(state.number());
  }

  Query require(String bucket, String name) {
    Query query = find(bucket, name);
    if (query == null) {
      throw new NotFoundException(
          "unknown-query", "there is no query called " + name + " in " + bucket);
    }
    return query;
  }

  /** The row of the document that defines a query; null when there is none. */
  @Nullable DocumentRow definitionRow(String bucket, String name) {
    BucketState state = index.buckets().named(bucket);
    return state == null ? null : index.row(state.number(), IndexUpdate.DEFINITION_PREFIX + name);
  }

  boolean isClosed() {
    return closed;
  }

  ViewEnvironment environment() {
    return environment;
  }

  /** The sequence that all views of a bucket reflect, as the store has them. */
  public long reachedByAll(int bucket) {
    return environment.registry().reachedByAll(bucket);
  }

  /** Sees to it that views over all changes of a bucket are made again without what was purged. */
  public void forget(int bucket) {
    BucketViews all = buckets.get(bucket);
    if (all != null) {
      all.all().forEach(Query::forget);
    }
  }

  /** The builds that have not caught up yet. */
  public List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    for (BucketViews all : buckets.values()) {
      for (Query query : all.all()) {
        ViewBuild build = query.building();
        if (build != null && !build.ended() && query.inputFailure() == null) {
          tasks.add(build.task());
        }
      }
    }
    return tasks;
  }

  /** Ends the work on all views; what they have computed stays. */
  @Override
  public void close() {
    closed = true;
    buckets.values().forEach(all -> all.retire(false));
    environment.pool().close();
    environment.snapshots().close();
    modules.values().forEach(ViewFactory::close);
  }
}
