package io.millrace.cli.command;

import io.millrace.cli.client.Call;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which commits are shown. */
final class CommitFilterOptions {
  @Option(
      names = {"-a", "--author"},
      paramLabel = "NAME",
      description = "Those of this author.")
  private @Nullable String author;

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "Those whose message contains this, in capitals or not.")
  private @Nullable String message;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "write, rollback, replicated, bucket-created, bucket-dropped, or what else there is.")
  private @Nullable String kind;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Those at this time or later, such as 2026-05-01T12:00:00Z.")
  private @Nullable String from;

  @Option(names = "--until", paramLabel = "TIME", description = "Those before this time.")
  private @Nullable String until;

  Call of(Call call) {
    return call.with("author", author)
        .with("message", message)
        .with("kind", kind)
        .with("from", from)
        .with("until", until);
  }
}
