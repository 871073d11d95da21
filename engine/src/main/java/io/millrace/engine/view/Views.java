package io.millrace.engine.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Queries;
import io.millrace.api.Task;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentIndex.DefinedQuery;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.IndexUpdate.ChangedDefinition;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.read.DocumentReader;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.write.WriterListener;
import io.millrace.spi.Meters;
import io.millrace.spi.ViewFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final ScheduledThreadPoolExecutor pool;
  private final Map<Integer, SortedMap<String, Query>> queries = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param modules by the type that they compute; closed with this
   */
  public Views(
      DocumentIndex index,
      RecordReader records,
      Incarnation incarnation,
      ObservableSequence since,
      Map<String, ViewFactory> modules,
      Clock clock,
      Meters meters) {
    this.index = index;
    this.records = records;
    this.modules = new TreeMap<>(modules);
    AtomicInteger threads = new AtomicInteger();
    this.pool =
        new ScheduledThreadPoolExecutor(
            Runtime.getRuntime().availableProcessors(),
            work -> new Thread(work, "millrace-views-" + threads.incrementAndGet()));
    pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.environment =
        new ViewEnvironment(
            index.store(),
            incarnation,
            since,
            new ChangeSource(index, records),
            new DocumentReader(index, records, meters),
            new ChangedDocuments(index, records),
            new ViewRegistry(index.store()),
            new ViewMeters(meters),
            clock,
            pool);
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
      if (bucket != null) {
        follow(bucket, defined.name(), true);
      }
    }
  }

  @Override
  public void indexed(IndexUpdate update, long sequence) {
    if (closed || queries.isEmpty() && update.changedDefinitions().isEmpty()) {
      return;
    }
    for (BucketState dropped : update.droppedBuckets()) {
      SortedMap<String, Query> gone = queries.remove(dropped.number());
      if (gone != null) {
        gone.values().forEach(query -> query.retire(true));
      }
    }
    for (ChangedDefinition changed : update.changedDefinitions()) {
      if (changed.bucket().droppedSequence() == 0) {
        follow(changed.bucket(), changed.name(), false);
      }
    }
    for (BucketState touched : update.touchedBuckets()) {
      SortedMap<String, Query> affected = queries.get(touched.number());
      if (affected != null) {
        affected.values().forEach(Query::wake);
      }
    }
  }

  /**
   * Makes the query called {@code name} what its document says now.
   *
   * @param opening whether builds that are in the store are taken up
   */
  private void follow(BucketState bucket, String name, boolean opening) {
    DocumentRow row = index.row(bucket.number(), IndexUpdate.DEFINITION_PREFIX + name);
    SortedMap<String, Query> all =
        queries.computeIfAbsent(bucket.number(), number -> new ConcurrentSkipListMap<>());
    Query former = all.get(name);
    if (row == null || !row.leaves().live()) {
      all.remove(name);
      if (former != null) {
        former.retire(true);
      }
      return;
    }
    Leaf winner = row.winner();
    if (former != null && former.revision().equals(winner.revision())) {
      return;
    }
    all.put(name, started(query(bucket, name, winner), opening));
    if (former != null) {
      former.retire(true);
    }
  }

  /** {@code query} with its builds at work; a query that says why not when they cannot be. */
  private Query started(Query query, boolean opening) {
    try {
      if (opening) {
        query.takeUp();
      } else {
        query.begin();
      }
      return query;
    } catch (UnavailableException e) {
      query.retire(false);
      String failure = "the store refused a new build; open the database again: " + e.getMessage();
      return new Query(
          query.bucket(), query.definition(), query.revision(), environment, null, failure);
    }
  }

  private Query query(BucketState bucket, String name, Leaf winner) {
    Body body = Body.ofCheckedJson(records.change(winner.sequence()).body());
    ViewDefinition definition = Query.definition(bucket.name(), name, body.tree());
    ViewFactory factory = modules.get(definition.type());
    String failure = factory == null ? unknownType(definition.type()) : null;
    return new Query(bucket, definition, winner.revision(), environment, factory, failure);
  }

  private String unknownType(String type) {
    return "there is no view module for the type '" + type + "'; found are " + modules.keySet();
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
    if (definition.has("type") && !definition.get("type").isTextual()) {
      throw new InvalidDefinitionException("the member type must be the name of a view module");
    }
    ViewDefinition read = Query.definition(bucket, name, definition);
    ViewFactory factory = modules.get(read.type());
    if (factory == null) {
      throw new InvalidDefinitionException(unknownType(read.type()));
    }
    factory.validate(read);
  }

  /** The queries of a bucket by name; empty when there is no such bucket. */
  List<Query> list(String bucket) {
    BucketState state = index.buckets().named(bucket);
    SortedMap<String, Query> all = state == null ? null : queries.get(state.number());
    return all == null ? List.of() : List.copyOf(all.values());
  }

  /** One query; null when there is none. */
  @Nullable Query find(String bucket, String name) {
    BucketState state = index.buckets().named(bucket);
    SortedMap<String, Query> all = state == null ? null : queries.get(state.number());
    return all == null ? null : all.get(name);
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

  /** The builds that have not caught up yet. */
  public List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    for (SortedMap<String, Query> all : queries.values()) {
      for (Query query : all.values()) {
        ViewBuild build = query.building();
        if (build != null) {
          long total = Math.max(query.bucket().documents(), build.fed());
          Duration elapsed = Duration.ofNanos(System.nanoTime() - build.startedNanos());
          tasks.add(
              new Task(
                  "view " + query.label(),
                  "view-build",
                  build.fed(),
                  total,
                  "documents",
                  build.started(),
                  elapsed));
        }
      }
    }
    return tasks;
  }

  /** Ends the work on all views; what they have computed stays. */
  @Override
  public void close() {
    closed = true;
    queries.values().forEach(all -> all.values().forEach(query -> query.retire(false)));
    pool.shutdown();
    boolean interrupted = false;
    try {
      if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        pool.shutdownNow();
        pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      pool.shutdownNow();
    }
    modules.values().forEach(ViewFactory::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
