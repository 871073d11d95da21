package io.millrace.api;

import io.millrace.api.document.Change;
import org.jspecify.annotations.Nullable;

/**
 * Which changes are shown, and with what.
 *
 * @param id of one document; null for all
 * @param commits what they were appended with
 * @param latestOnly whether only the newest change of each document is shown
 * @param bodies whether changes come with their bodies
 */
public record ActivityFilter(
    @Nullable String id, CommitFilter commits, boolean latestOnly, boolean bodies) {
  private static final ActivityFilter NONE =
      new ActivityFilter(null, CommitFilter.none(), false, false);

  /** Everything, without bodies. */
  public static ActivityFilter none() {
    return NONE;
  }

  /** The changes of the document {@code id}, without bodies. */
  public static ActivityFilter of(String id) {
    return new ActivityFilter(id, CommitFilter.none(), false, false);
  }

  /** The same, with bodies. */
  public ActivityFilter withBodies() {
    return new ActivityFilter(id, commits, latestOnly, true);
  }

  /** Whether {@code change} passes, as far as the change alone can tell. */
  public boolean accepts(Change change) {
    return (id == null || id.equals(change.id())) && commits.accepts(change.commit());
  }
}
