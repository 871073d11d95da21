package io.millrace.cli.shell;

import java.util.List;
import java.util.Set;

/**
 * One command or statement.
 *
 * @param words without quotes
 * @param terminated whether it ended with a semicolon
 */
record Statement(List<String> words, boolean terminated) {
  /** Words that only statements begin with. */
  private static final Set<String> ONLY_STATEMENTS =
      Set.of(
          "connect",
          "listcollections",
          "list",
          "listhistory",
          "createcollection",
          "deletecollection",
          "set");

  /** Words that name a command, too. */
  private static final Set<String> ALSO_COMMANDS = Set.of("get", "del");

  private static final String ROLLBACK = "rollback";

  Statement {
    words = List.copyOf(words);
  }

  /** The word that says what it is. */
  String verb() {
    return words.get(0);
  }

  /**
   * Whether this is one of deltadb's, which end with a semicolon only; commands end with the line,
   * too.
   */
  boolean isOfDeltadb() {
    return isOfDeltadb(words, terminated);
  }

  static boolean isOfDeltadb(List<String> words, boolean terminated) {
    if (words.isEmpty()) {
      return false;
    }
    String verb = words.get(0);
    return ONLY_STATEMENTS.contains(verb)
        || ALSO_COMMANDS.contains(verb)
            && words.stream().skip(1).anyMatch(word -> Place.of(word).isPresent())
        || ALSO_COMMANDS.contains(verb) && terminated && words.size() == 2
        || verb.equals(ROLLBACK)
            && terminated
            && words.stream().noneMatch(word -> word.startsWith("-"));
  }
}
