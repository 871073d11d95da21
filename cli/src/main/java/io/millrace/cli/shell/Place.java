package io.millrace.cli.shell;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document as deltadb's statements name it: {@code collection[key]}. */
record Place(String collection, String key) {
  private static final Pattern PLACE = Pattern.compile("([^\\[\\]{}\"=]+)\\[(.*)]", Pattern.DOTALL);

  static Optional<Place> of(String word) {
    Matcher matcher = PLACE.matcher(word);
    return matcher.matches()
        ? Optional.of(new Place(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }
}
