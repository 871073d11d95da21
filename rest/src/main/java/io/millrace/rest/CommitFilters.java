package io.millrace.rest;

import io.millrace.api.CommitFilter;
import io.millrace.api.document.CommitKind;
import io.millrace.rest.http.Parameters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which commits, or changes of which commits, a client wants to see. */
final class CommitFilters {
  /** The names of the parameters. */
  static final Set<String> PARAMETERS = Set.of("author", "message", "kind", "from", "until");

  private CommitFilters() {}

  static CommitFilter of(Parameters parameters) {
    return new CommitFilter(
        parameters.text("author"),
        parameters.text("message"),
        kind(parameters.text("kind")),
        parameters.time("from"),
        parameters.time("until"));
  }

  private static @Nullable CommitKind kind(@Nullable String word) {
    if (word == null) {
      return null;
    }
    try {
      return CommitKind.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw Parameters.refused(
          "kind",
          "must be one of "
              + Arrays.stream(CommitKind.values())
                  .map(CommitKind::word)
                  .collect(Collectors.joining(", ")));
    }
  }
}
