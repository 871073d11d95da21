package io.millrace.engine.replication;

import io.millrace.api.document.Revision;
import java.util.List;

/**
 * A revision that is missing here.
 *
 * @param sequence where the source's log has it
 * @param revision its name
 * @param known leaves of the document that are known here: ancestry beyond them need not be sent
 */
public record Wanted(long sequence, Revision revision, List<Revision> known) {
  public Wanted {
    known = List.copyOf(known);
  }
}
