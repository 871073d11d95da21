package io.millrace.api;

import io.millrace.api.document.Change;
import io.millrace.api.document.CommitKind;
import org.jspecify.annotations.Nullable;

/**
 * Which changes are shown, and with what.
 *
 * @param id of one document; null for all
 * @param author null for all
 * @param kind null for all
 * @param latestOnly whether only the newest change of each document is shown
 * @param bodies whether changes come with their bodies
 */
public record ActivityFilter(
    @Nullable String id,
    @Nullable String author,
    @Nullable CommitKind kind,
    boolean latestOnly,
    boolean bodies) {
  private static final ActivityFilter NONE = new ActivityFilter(null, null, null, false, false);

  /** Everything, without bodies. */
  public static ActivityFilter none() {
    return NONE;
  }

  /** The same, with bodies. */
  public ActivityFilter withBodies() {
    return new ActivityFilter(id, author, kind, latestOnly, true);
  }

  /** Whether {@code change} passes, as far as the change alone can tell. */
  public boolean accepts(Change change) {
    return (id == null || id.equals(change.id()))
        && (author == null || author.equals(change.commit().attribution().author()))
        && (kind == null || kind == change.commit().kind());
  }
}
