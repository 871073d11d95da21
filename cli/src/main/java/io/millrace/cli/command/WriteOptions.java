package io.millrace.cli.command;

import io.millrace.api.document.Attribution;
import io.millrace.cli.console.Surroundings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who writes and why. */
public final class WriteOptions {
  private static final String AUTHOR = "MILLRACE_AUTHOR";

  @Option(
      names = {"-a", "--author"},
      paramLabel = "NAME",
      description = "Who writes; otherwise $$MILLRACE_AUTHOR, or the user's name.")
  private @Nullable String author;

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "Why.")
  private @Nullable String message;

  /** Both, with the user's name where none was given. */
  public Attribution attribution(Surroundings surroundings) {
    return new Attribution(author == null ? author(surroundings) : author, message);
  }

  /** Who the user is. */
  public static @Nullable String author(Surroundings surroundings) {
    String named = surroundings.environment().get(AUTHOR);
    String user = named == null || named.isBlank() ? System.getProperty("user.name") : named;
    return user == null || user.isBlank() ? null : user;
  }
}
