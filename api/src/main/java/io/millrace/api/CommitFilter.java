package io.millrace.api;

import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitKind;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which commits are shown, or the changes of which.
 *
 * @param author null for all
 * @param message a part of the message, upper and lower case being the same; null for all
 * @param kind null for all
 * @param from not before this time; null for no bound
 * @param until before this time; null for no bound
 */
public record CommitFilter(
    @Nullable String author,
    @Nullable String message,
    @Nullable CommitKind kind,
    @Nullable Instant from,
    @Nullable Instant until) {
  private static final CommitFilter NONE = new CommitFilter(null, null, null, null, null);

  /** Everything. */
  public static CommitFilter none() {
    return NONE;
  }

  /** Whether {@code commit} passes. */
  public boolean accepts(Commit commit) {
    return (author == null || author.equals(commit.attribution().author()))
        && (message == null || contains(commit.attribution().message(), message))
        && (kind == null || kind == commit.kind())
        && (from == null || !commit.time().isBefore(from))
        && (until == null || commit.time().isBefore(until));
  }

  private static boolean contains(@Nullable String text, String part) {
    return text != null && text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
