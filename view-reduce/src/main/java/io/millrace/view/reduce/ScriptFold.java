package io.millrace.view.reduce;

import io.millrace.api.document.Change;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.view.script.Outcome;
import io.millrace.view.script.Script;
import io.millrace.view.script.ScriptPool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Runs a fold that is written in JavaScript: chunk after chunk, each with the state that the one
 * before it left. When a chunk exceeds a limit its changes are folded again one by one, so that
 * only the one that is to blame fails. How the changes are cut does not show in the state.
 */
final class ScriptFold implements FoldRun {
  private static final int MOST_CHUNK_BYTES = 256 << 10;
  private static final int MOST_CHUNK_CHANGES = 512;
  private static final int FIRST_CHUNK_CHANGES = 64;
  private static final long CHUNK_NANOS = 30_000_000;

  private final ScriptPool pool;
  private final Script script;

  /** How many changes take about {@link #CHUNK_NANOS}. */
  private int chunkChanges = FIRST_CHUNK_CHANGES;

  ScriptFold(ScriptPool pool, Script script) {
    this.pool = pool;
    this.script = script;
  }

  /** What a chunk gave, and how long it took. */
  private record Folded(String output, long nanos) {}

  @Override
  public String fold(String state, List<Change> changes, Map<Change, String> failures)
      throws InterruptedException {
    String text = state;
    int at = 0;
    while (at < changes.size()) {
      ChangeTexts chunk = new ChangeTexts();
      int end = at;
      while (end < changes.size()
          && chunk.size() < chunkChanges
          && chunk.length() < MOST_CHUNK_BYTES) {
        chunk.add(changes.get(end++));
      }
      text = foldChunk(text, changes.subList(at, end), chunk, failures);
      at = end;
    }
    return text;
  }

  private String foldChunk(
      String state, List<Change> changes, ChangeTexts texts, Map<Change, String> failures)
      throws InterruptedException {
    Outcome<Folded> outcome = run(state, texts.text());
    if (outcome instanceof Outcome.Done<Folded> done) {
      adapt(changes.size(), done.value().nanos());
      return read(done.value().output(), changes, failures);
    }
    if (changes.size() == 1) {
      failures.put(changes.get(0), ((Outcome.Exceeded<Folded>) outcome).reason());
      return state;
    }
    chunkChanges = 1;
    String text = state;
    for (Change change : changes) {
      ChangeTexts single = new ChangeTexts();
      single.add(change);
      text = foldChunk(text, List.of(change), single, failures);
    }
    return text;
  }

  /** Makes chunks of slow changes short, and grows them again slowly. */
  private void adapt(int folded, long nanos) {
    long fitting = CHUNK_NANOS * folded / Math.max(1, nanos);
    chunkChanges =
        (int) Math.max(1, Math.min(MOST_CHUNK_CHANGES, Math.min(4L * chunkChanges, fitting)));
  }

  private Outcome<Folded> run(String state, String changes) throws InterruptedException {
    // A result that is there already would be returned in spite of the interruption.
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    CompletableFuture<Outcome<Folded>> result =
        pool.submit(
            sandbox -> {
              long start = System.nanoTime();
              String output = sandbox.run(script, state, changes);
              return new Folded(String.valueOf(output), System.nanoTime() - start);
            });
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MillraceException ours) {
        throw ours;
      }
      throw new InternalException("fold-failed", "changes could not be folded", e.getCause());
    } finally {
      result.cancel(false);
    }
  }

  /** Reads what {@code fold.js} writes: the state, then a line for each change that failed. */
  private static String read(String output, List<Change> changes, Map<Change, String> failures) {
    int end = output.indexOf('\n');
    for (String line : output.substring(end + 1).lines().toList()) {
      int space = line.indexOf(' ');
      int number = Integer.parseInt(line.substring(0, space));
      failures.put(changes.get(number), JsonTexts.read(line.substring(space + 1)).textValue());
    }
    return output.substring(0, end);
  }
}
