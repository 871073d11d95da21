package io.millrace.cli.git;

import io.millrace.api.document.Attribution;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * Who and why of a git commit. Its name and its time, which no commit here can be given, stand
 * below the message, as git's own trailers do.
 */
final class GitMessage {
  /** What a request has room for, percent-encoded. */
  private static final int MAX_BYTES = 3_000;

  /** Few enough characters for the longest author in any alphabet. */
  private static final int MAX_AUTHOR = 160;

  private static final String COMMIT = "Git-Commit: ";
  private static final Pattern TRAILER =
      Pattern.compile("(?m)^" + COMMIT + "([0-9a-f]{40})$(?![\\s\\S]*^" + COMMIT + ")");

  private GitMessage() {}

  /** Author and message. */
  static Attribution attribution(RevCommit commit) {
    PersonIdent author = commit.getAuthorIdent();
    String time =
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            author.getWhenAsInstant().atZone(author.getZoneId()));
    String message =
        cut(plain(commit.getFullMessage(), "\n\r\t").strip())
            + "\n\n"
            + COMMIT
            + commit.name()
            + "\nGit-Date: "
            + time;
    String who = plain(author.getName() + " <" + author.getEmailAddress() + '>', "");
    return new Attribution(who.substring(0, Math.min(MAX_AUTHOR, who.length())), message);
  }

  /** Without the control characters that no commit here may have. */
  private static String plain(String text, String allowed) {
    StringBuilder plain = new StringBuilder(text);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (Character.isISOControl(c) && allowed.indexOf(c) < 0) {
        plain.setCharAt(i, ' ');
      }
    }
    return plain.toString();
  }

  private static String cut(String message) {
    String text = message;
    while (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      int end = text.offsetByCodePoints(text.length() / 8 * 7, 0);
      text = text.substring(0, Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end);
    }
    return text.length() == message.length() ? text : text.stripTrailing() + " …";
  }

  /** The commit that a message names below it. */
  static Optional<String> commitOf(String message) {
    Matcher trailer = TRAILER.matcher(message);
    return trailer.find() ? Optional.of(trailer.group(1)) : Optional.empty();
  }
}
