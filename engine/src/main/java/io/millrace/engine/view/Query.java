package io.millrace.engine.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.QueryInfo.State;
import io.millrace.api.document.Revision;
import io.millrace.api.view.ViewDefinition;
import io.millrace.engine.index.BucketState;
import io.millrace.spi.ViewFactory;
import java.util.List;
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

  private final BucketState bucket;
  private final ViewDefinition definition;
  private final Revision revision;
  private final ViewEnvironment environment;
  private final @Nullable ViewFactory factory;
  private final @Nullable String failure;
  private @Nullable ViewBuild serving;
  private @Nullable ViewBuild next;
  private boolean retired;

  /**
   * @param revision of the definition's document
   * @param factory null when there is no module for the type
   * @param failure why there can be no view; null when there can
   */
  Query(
      BucketState bucket,
      ViewDefinition definition,
      Revision revision,
      ViewEnvironment environment,
      @Nullable ViewFactory factory,
      @Nullable String failure) {
    this.bucket = bucket;
    this.definition = definition;
    this.revision = revision;
    this.environment = environment;
    this.factory = factory;
    this.failure = failure;
  }

  /** The definition that the document {@code body} of the query {@code name} describes. */
  static ViewDefinition definition(String bucket, String name, ObjectNode body) {
    ObjectNode members = body.deepCopy();
    JsonNode type = members.remove(TYPE);
    return new ViewDefinition(bucket, name, type == null ? DEFAULT_TYPE : type.asText(), members);
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
          checkpoint.definition().equals(revision)
              && checkpoint.incarnation().equals(environment.incarnation())
              && checkpoint.position() <= environment.since().value();
      boolean wanted = usable && (checkpoint.complete() ? serving == null : next == null);
      if (!wanted) {
        environment.registry().remove(bucket.number(), name(), build.number());
        continue;
      }
      ViewBuild taken = new ViewBuild(this, module, environment, build.number(), checkpoint);
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
    ViewCheckpoint empty =
        new ViewCheckpoint(environment.incarnation(), revision, now, 0, 0, false);
    return new ViewBuild(this, module, environment, environment.registry().nextNumber(), empty);
  }

  /** Begins a new build, which takes the place of the present one when it is complete. */
  synchronized void rebuild() {
    ViewFactory module = factory;
    if (retired || module == null) {
      return;
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
  }

  /** Hears that {@code build} has caught up for the first time. */
  synchronized void completed(ViewBuild build) {
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

  /** The build that has not caught up yet; null when there is none. */
  synchronized @Nullable ViewBuild building() {
    return next;
  }

  /** Why there is no view, or why it stands still; null when all is well. */
  synchronized @Nullable String failure() {
    if (failure != null) {
      return failure;
    }
    String standstill = serving == null ? null : serving.failure();
    return standstill == null && next != null ? next.failure() : standstill;
  }

  synchronized State state() {
    if (failure() != null) {
      return State.FAILED;
    }
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
