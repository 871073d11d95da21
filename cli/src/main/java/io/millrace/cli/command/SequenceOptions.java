package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Call;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a list over sequences is shown: the newest first, unless asked otherwise. */
final class SequenceOptions {
  private static final long USUAL_LIMIT = 50;

  @Option(names = "--since", paramLabel = "SEQ", description = "What came after this sequence.")
  private @Nullable Long since;

  @Option(names = "--before", paramLabel = "SEQ", description = "What came before this sequence.")
  private @Nullable Long before;

  @Option(names = "--reverse", description = "The oldest first.")
  private boolean reverse;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many, 0 for all; 50 if not given, with --json all.")
  private @Nullable Long limit;

  Call of(Call call) {
    return call.with("since", since).with("lt", before).flag("reverse", !reverse);
  }

  long limit(ConnectionOptions options) {
    return limit != null ? limit : options.json() ? 0 : USUAL_LIMIT;
  }

  /** Says how to go on with the row that was not shown. */
  void more(Client client, @Nullable JsonNode next) {
    if (next != null) {
      long sequence = next.path("seq").asLong();
      client.more(
          (reverse ? "--since=" + (sequence - 1) : "--before=" + (sequence + 1))
              + " goes on, --limit=0 shows all");
    }
  }
}
