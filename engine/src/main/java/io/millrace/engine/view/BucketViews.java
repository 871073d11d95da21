package io.millrace.engine.view;

import io.millrace.api.document.Body;
import io.millrace.api.document.Revision;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.engine.index.BucketState;
import io.millrace.spi.ViewFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The queries of one life of a bucket: which there are, which has the rows of which as its input,
 * and when they take notice of writes.
 *
 * <p>Views are woken in rounds, at most one round in some milliseconds, and the fewer the more
 * views there are: a write costs one look at a flag, and the views take larger portions instead of
 * many small ones. Whoever waits for a view wakes it at once.
 *
 * <p>Definitions are followed by one thread; everything else is safe for many.
 */
final class BucketViews {
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int FEWEST_ROUND_VIEWS = 2;
  private static final int MOST_ROUND_VIEWS = 50;

  private final BucketState bucket;
  private final ViewEnvironment environment;
  private final Map<String, ViewFactory> modules;
  private final SortedMap<String, Query> queries = new ConcurrentSkipListMap<>();

  /** What is defined; of the thread that follows definitions. */
  private final Map<String, Defined> defined = new HashMap<>();

  private final AtomicBoolean roundDue = new AtomicBoolean();
  private volatile long nextRoundNanos = System.nanoTime();

  /** How many queries the log feeds. */
  private volatile int fedByLog;

  BucketViews(BucketState bucket, ViewEnvironment environment, Map<String, ViewFactory> modules) {
    this.bucket = bucket;
    this.environment = environment;
    this.modules = modules;
  }

  /** A definition as it was found; with a defect, one that another version or a peer wrote. */
  private record Defined(ViewDefinition definition, Revision revision, @Nullable String defect) {}

  BucketState bucket() {
    return bucket;
  }

  Collection<Query> all() {
    return queries.values();
  }

  @Nullable Query find(String name) {
    return queries.get(name);
  }

  /** Notes what the document {@code body} of the query {@code name} says; nothing is begun. */
  void define(String name, Body body, Revision revision) {
    defined.put(name, read(name, body, revision));
  }

  private Defined read(String name, Body body, Revision revision) {
    try {
      return new Defined(Query.definition(bucket.name(), name, body.tree()), revision, null);
    } catch (InvalidDefinitionException e) {
      ViewDefinition unreadable = new ViewDefinition(bucket.name(), name, "", body.tree());
      return new Defined(unreadable, revision, e.getMessage());
    }
  }

  /** Notes that there is no query {@code name} any more. */
  void undefine(String name) {
    defined.remove(name);
  }

  /**
   * Makes the query {@code name}, and all whose input comes from it, what was defined.
   *
   * @param name null for all queries
   * @param opening whether builds that are in the store are taken up
   */
  void follow(@Nullable String name, boolean opening) {
    Set<String> affected = name == null ? new HashSet<>(defined.keySet()) : withDescendants(name);
    Map<String, Query> made = new HashMap<>();
    for (String each : affected) {
      make(each, affected, made, new HashSet<>());
    }
    List<Query> parentsFirst =
        made.values().stream().sorted(Comparator.comparingInt(BucketViews::depth)).toList();
    parentsFirst.forEach(query -> begin(query, opening));
    List<Query> former = new ArrayList<>();
    for (String each : affected) {
      Query after = made.get(each);
      Query before = after == null ? queries.remove(each) : queries.put(each, after);
      if (before != null) {
        former.add(before);
      }
    }
    link();
    // Before they were linked, nobody told them that their input moved.
    parentsFirst.stream().filter(query -> query.parent() != null).forEach(Query::wake);
    former.forEach(query -> query.retire(true));
  }

  private static int depth(Query query) {
    Query parent = query.parent();
    return parent == null ? 0 : 1 + depth(parent);
  }

  private Set<String> withDescendants(String name) {
    Set<String> all = new HashSet<>(Set.of(name));
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Defined each : defined.values()) {
        String from = each.definition().from();
        grown |= from != null && all.contains(from) && all.add(each.definition().name());
      }
    }
    return all;
  }

  /** The query {@code name}; null when it is not defined, or leads back to itself. */
  private @Nullable Query make(
      String name, Set<String> affected, Map<String, Query> made, Set<String> below) {
    Query present = affected.contains(name) ? made.get(name) : queries.get(name);
    Defined one = defined.get(name);
    if (present != null || one == null || !below.add(name)) {
      return present;
    }
    String from = one.definition().from();
    Query parent = from == null ? null : make(from, affected, made, below);
    below.remove(name);
    Query query = query(one, parent, from != null && below.contains(from));
    made.put(name, query);
    return query;
  }

  private Query query(Defined one, @Nullable Query parent, boolean circle) {
    ViewDefinition definition = one.definition();
    ViewFactory factory = modules.get(definition.type());
    String failure = one.defect();
    if (failure == null && factory == null) {
      failure = unknownType(definition.type(), modules);
    }
    if (failure == null && definition.from() != null && parent == null) {
      failure =
          circle || definition.from().equals(definition.name())
              ? "its input comes from itself"
              : "its input are the rows of the query "
                  + definition.from()
                  + ", and there is no such query";
    }
    Feed feed =
        parent == null
            ? new LogFeed(environment.portions(), bucket, this::shared)
            : new ParentFeed(parent, environment);
    return new Query(
        bucket, definition, one.revision(), environment, parent, feed, factory, failure);
  }

  static String unknownType(String type, Map<String, ViewFactory> modules) {
    return "there is no view module for the type '" + type + "'; found are " + modules.keySet();
  }

  /** Tells each query which others it feeds. */
  private void link() {
    Map<Query, List<Query>> children = new HashMap<>();
    int roots = 0;
    for (Query query : queries.values()) {
      if (query.parent() == null) {
        roots++;
      } else {
        children.computeIfAbsent(query.parent(), parent -> new ArrayList<>()).add(query);
      }
    }
    fedByLog = roots;
    queries.values().forEach(query -> query.feeds(children.getOrDefault(query, List.of())));
  }

  /** How many queries need what is written. */
  int fedByLog() {
    return fedByLog;
  }

  /** Whether what is read from the log is likely to be wanted by another build. */
  private boolean shared() {
    return fedByLog > 1;
  }

  /** Begins the builds of {@code query}; one that says why not when that cannot be. */
  private void begin(Query query, boolean opening) {
    try {
      if (opening) {
        query.takeUp();
      } else {
        query.begin();
      }
    } catch (UnavailableException e) {
      query.retire(false);
      query.fail("the store refused a new build; open the database again: " + e.getMessage());
    }
  }

  /** Sees to it that all views take notice of what was written, soon. Cheap. */
  void wake() {
    if (roundDue.get() || !roundDue.compareAndSet(false, true)) {
      return;
    }
    long wait = nextRoundNanos - System.nanoTime();
    environment.pool().after(Math.max(0, wait), TimeUnit.NANOSECONDS, this::round);
  }

  private void round() {
    int views = Math.max(FEWEST_ROUND_VIEWS, Math.min(MOST_ROUND_VIEWS, queries.size()));
    nextRoundNanos = System.nanoTime() + views * ROUND_NANOS;
    roundDue.set(false);
    for (Query query : queries.values()) {
      if (query.parent() == null) {
        query.wake();
      }
    }
  }

  /**
   * Ends all queries.
   *
   * @param remove whether their rows go too
   */
  void retire(boolean remove) {
    queries.values().forEach(query -> query.retire(remove));
  }
}
