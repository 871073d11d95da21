package io.millrace.engine.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.QueryInfo.State;
import io.millrace.api.document.Revision;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.engine.index.BucketState;
import io.millrace.spi.ViewFactory;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One defined query: the build that answers, and the one that will take its place.
 *
 * <p>A changed definition is another query object; the old one is retired, so old rows never answer
 * for a new definition. Safe for use by many threads.
 */
final class Query {
  static final String DEFAULT_TYPE = "js";
  private static final String TYPE = "type";
  private static final String FROM = "from";

  private final BucketState bucket;
  private final ViewDefinition definition;
  private final Revision revision;
  private final Revision lineage;
  private final ViewEnvironment environment;
  private final @Nullable Query parent;
  private final Feed feed;
  private final @Nullable ViewFactory factory;
  private volatile @Nullable String failure;

  /** The queries whose input are the rows of this one. */
  private volatile List<Query> children = List.of();

  private @Nullable ViewBuild serving;
  private @Nullable ViewBuild next;
  private boolean retired;

  /**
   * @param revision of the definition's document
   * @param parent the query whose rows are the input; null for the documents
   * @param feed what the builds are fed from
   * @param factory null when there can be no view
   * @param failure why there can be no view; null when there can
   */
  Query(
      BucketState bucket,
      ViewDefinition definition,
      Revision revision,
      ViewEnvironment environment,
      @Nullable Query parent,
      Feed feed,
      @Nullable ViewFactory factory,
      @Nullable String failure) {
    this.bucket = bucket;
    this.definition = definition;
    this.revision = revision;
    this.lineage = Composition.lineage(revision, parent);
    this.environment = environment;
    this.parent = parent;
    this.feed = feed;
    this.factory = failure == null ? factory : null;
    this.failure = failure;
  }

  /**
   * The definition that the document {@code body} of the query {@code name} describes.
   *
   * @throws InvalidDefinitionException when it does not say what type and input it has
   */
  static ViewDefinition definition(String bucket, String name, ObjectNode body) {
    ObjectNode members = body.deepCopy();
    JsonNode type = members.remove(TYPE);
    if (type != null && !type.isTextual()) {
      throw new InvalidDefinitionException("the member type must be the name of a view module");
    }
    JsonNode from = members.remove(FROM);
    if (from != null && !from.isTextual()) {
      throw new InvalidDefinitionException("the member from must be the name of a query");
    }
    return new ViewDefinition(
        bucket,
        name,
        type == null ? DEFAULT_TYPE : type.textValue(),
        from == null ? null : from.textValue(),
        members);
  }

  BucketState bucket() {
    return bucket;
  }

  String name() {
    return definition.name();
  }

  ViewDefinition definition() {
    return definition;
  }

  Revision revision() {
    return revision;
  }

  /** What its rows are made by: its definition, and those that its input comes from. */
  Revision lineage() {
    return lineage;
  }

  /** The query whose rows are the input; null for the documents. */
  @Nullable Query parent() {
    return parent;
  }

  /** Says which queries have the rows of this one as their input. */
  void feeds(List<Query> those) {
    children = those;
  }

  /** Says why there are no builds after all. */
  void fail(String reason) {
    failure = reason;
  }

  /** Hears that {@code build} can give more to others. Takes no lock that a build may wait for. */
  void moved(ViewBuild build) {
    List<Query> fed = children;
    if (!fed.isEmpty() && serving() == build) {
      fed.forEach(Query::moreToFeed);
    }
  }

  /** Hears that {@code build} stands still, so that whoever waits for its rows waits in vain. */
  void stoodStill(ViewBuild build) {
    if (readable() == build) {
      children.forEach(Query::inputStandsStill);
    }
  }

  private void inputStandsStill() {
    List<ViewBuild> builds;
    synchronized (this) {
      builds = Stream.of(serving, next).filter(Objects::nonNull).toList();
    }
    // Whoever is refused may ask this query at once, so no lock is held.
    builds.forEach(ViewBuild::inputStandsStill);
    children.forEach(Query::inputStandsStill);
  }

  private synchronized void moreToFeed() {
    if (serving != null) {
      serving.moreToFeed();
    }
    if (next != null) {
      next.moreToFeed();
    }
  }

  /** The name for messages. */
  String label() {
    return bucket.name() + "/" + definition.name();
  }

  /** Begins the first build of a definition that was written now. */
  synchronized void begin() {
    ViewFactory module = factory;
    if (module != null) {
      next = fresh(module);
      next.wake();
    }
  }

  /**
   * Takes up the builds that are in the store, or begins one; drops those of other definitions. For
   * the opening of the database only: none of these builds may be in use.
   */
  synchronized void takeUp() {
    ViewFactory module = factory;
    if (module == null) {
      return;
    }
    List<ViewRegistry.Found> found = environment.registry().builds(bucket.number(), name());
    for (ViewRegistry.Found build : found) {
      ViewCheckpoint checkpoint = build.checkpoint();
      boolean usable =
          checkpoint.definition().equals(lineage)
              && checkpoint.incarnation().equals(environment.incarnation())
              && checkpoint.position() <= environment.since().value();
      boolean wanted = usable && (checkpoint.complete() ? serving == null : next == null);
      if (!wanted) {
        environment.registry().remove(bucket.number(), name(), build.number());
        continue;
      }
      ViewBuild taken = new ViewBuild(this, module, environment, feed, build.number(), checkpoint);
      if (checkpoint.complete()) {
        serving = taken;
      } else {
        next = taken;
      }
    }
    if (serving == null && next == null) {
      next = fresh(module);
    }
    wake();
  }

  private ViewBuild fresh(ViewFactory module) {
    long now = environment.since().value();
    ViewCheckpoint empty = new ViewCheckpoint(environment.incarnation(), lineage, now, 0, 0, false);
    return new ViewBuild(
        this, module, environment, feed, environment.registry().nextNumber(), empty);
  }

  /**
   * Begins a new build, which takes the place of the present one when it is complete.
   *
   * @return false when there can be no build
   */
  synchronized boolean rebuild() {
    ViewFactory module = factory;
    if (retired || module == null) {
      return false;
    }
    if (next != null) {
      next.retire(true);
    }
    if (serving != null && serving.failure() != null) {
      serving.retire(true);
      serving = null;
    }
    next = fresh(module);
    next.wake();
    return true;
  }

  /** Hears that documents were purged: rows made of all changes must be made again without them. */
  synchronized void forget() {
    ViewBuild present = readable();
    if (present != null && present.readsAllChanges()) {
      rebuild();
    }
  }

  /** Hears that {@code build} has caught up for the first time. */
  void completed(ViewBuild build) {
    synchronized (this) {
      if (build != next || retired) {
        return;
      }
      ViewBuild former = serving;
      serving = build;
      next = null;
      if (former != null) {
        former.retire(true);
      }
    }
    moved(build);
  }

  /** Sees to it that all builds take notice of what changed. */
  synchronized void wake() {
    if (serving != null) {
      serving.wake();
    }
    if (next != null) {
      next.wake();
    }
  }

  /** The build that answers now; null when there can be none. */
  synchronized @Nullable ViewBuild readable() {
    return serving == null ? next : serving;
  }

  /** The build that has caught up once; null when there is none. */
  synchronized @Nullable ViewBuild serving() {
    return serving;
  }

  /** The build that has not caught up yet; null when there is none. */
  synchronized @Nullable ViewBuild building() {
    return next;
  }

  /** Why there is no view, or why it stands still; null when all is well. */
  @Nullable String failure() {
    String own = ownFailure();
    return own == null ? inputFailure() : own;
  }

  private synchronized @Nullable String ownFailure() {
    if (failure != null) {
      return failure;
    }
    String standstill = serving == null ? null : serving.failure();
    return standstill == null && next != null ? next.failure() : standstill;
  }

  /** Why the input stands still; null when it does not. */
  @Nullable String inputFailure() {
    String above = parent == null ? null : parent.rowsFailure();
    return above == null || parent == null
        ? null
        : "the query " + parent.name() + ", whose rows are its input, stands still: " + above;
  }

  /** Why the rows stand still; a rebuild that failed is no reason while there are older ones. */
  private @Nullable String rowsFailure() {
    ViewBuild build = readable();
    String own = build == null || failure != null ? failure : build.failure();
    return own == null ? inputFailure() : own;
  }

  /** What refuses those who wait for rows whose input stands still; null when it does not. */
  @Nullable UnavailableException inputStandstill() {
    String above = inputFailure();
    return above == null
        ? null
        : new UnavailableException(
            "view-failed", "the query " + label() + " stands still: " + above);
  }

  State state() {
    return failure() == null ? stateOfBuilds() : State.FAILED;
  }

  private synchronized State stateOfBuilds() {
    if (serving == null) {
      return State.BUILDING;
    }
    return next == null ? State.READY : State.REBUILDING;
  }

  /**
   * Ends all builds.
   *
   * @param remove whether their rows go too
   */
  synchronized void retire(boolean remove) {
    retired = true;
    if (serving != null) {
      serving.retire(remove);
      serving = null;
    }
    if (next != null) {
      next.retire(remove);
      next = null;
    }
  }
}
