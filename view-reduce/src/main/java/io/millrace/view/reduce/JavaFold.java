package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.spi.FoldProvider;
import java.util.List;
import java.util.Map;

/** Runs a fold that is written in Java. */
final class JavaFold implements FoldRun {
  private final FoldProvider fold;

  JavaFold(FoldProvider fold) {
    this.fold = fold;
  }

  @Override
  public String fold(String state, List<Change> changes, Map<Change, String> failures)
      throws InterruptedException {
    String text = state;
    JsonNode read = JsonTexts.read(text);
    for (Change change : changes) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      try {
        String next = fold.apply(read, change).toString();
        // Read at once: what is no JSON is the failure of this change, not of the next one.
        read = JsonTexts.read(next);
        requireShort(next);
        text = next;
      } catch (RuntimeException | StackOverflowError e) {
        // Whatever a stranger's code throws, and it may have changed what it was given.
        failures.put(change, e.getClass().getSimpleName() + ": " + e.getMessage());
        read = JsonTexts.read(text);
      }
    }
    return text;
  }

  private static void requireShort(String state) {
    if (state.length() > FoldState.MAX_CHARS) {
      throw new InvalidRequestException(
          "state-too-long",
          "the state would be longer than " + FoldState.MAX_CHARS + " characters");
    }
  }
}
