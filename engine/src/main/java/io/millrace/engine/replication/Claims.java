package io.millrace.engine.replication;

import io.millrace.api.document.Revision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The revisions that are on their way here, so that two peers which offer the same one do not both
 * send it. Bounded by what the pulls work on.
 *
 * <p>Of the loop.
 */
final class Claims {
  /** Who waits for a revision; empty as long as nobody does. */
  private final Map<Claim, List<Runnable>> taken = new HashMap<>();

  /** A revision of a document. */
  record Claim(String bucket, String id, Revision revision) {}

  /**
   * Takes a revision.
   *
   * @return whether nobody had
   */
  boolean take(Claim claim) {
    return taken.putIfAbsent(claim, new ArrayList<>(0)) == null;
  }

  /** Gives back what was taken, whether it has arrived or not. */
  void release(Collection<Claim> claims) {
    List<Runnable> waiting = new ArrayList<>(0);
    for (Claim claim : claims) {
      List<Runnable> some = taken.remove(claim);
      if (some != null) {
        waiting.addAll(some);
      }
    }
    waiting.forEach(Runnable::run);
  }

  /**
   * Runs {@code next} once one of the revisions of {@code documents} is free; at once if all are.
   */
  void whenFree(List<OfferedDocument> documents, Runnable next) {
    for (OfferedDocument document : documents) {
      for (OfferedDocument.Offered offered : document.revisions()) {
        List<Runnable> waiting =
            taken.get(new Claim(document.bucket(), document.id(), offered.revision()));
        if (waiting != null) {
          waiting.add(next);
          return;
        }
      }
    }
    next.run();
  }
}
