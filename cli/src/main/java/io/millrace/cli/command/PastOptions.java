package io.millrace.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which moment is shown. */
final class PastOptions {
  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = "As it was after a sequence, or at a time such as 2026-05-01T12:00:00Z.")
  private @Nullable String at;

  /** The moment; null for the present. */
  @Nullable String at() {
    return at;
  }
}
