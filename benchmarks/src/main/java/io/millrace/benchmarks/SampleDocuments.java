package io.millrace.benchmarks;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The documents of all benchmarks: JSON of exactly 200 bytes, of which the member {@code city} has
 * the same value in five documents.
 */
public final class SampleDocuments {
  /** The length of each body. */
  public static final int BYTES = 200;

  /** How many documents share a city. */
  public static final int PER_CITY = 5;

  private static final String WORDS =
      "the race carries water from the weir to the wheel, past the gate, over the sill and under the"
          + " road, and back to the river below the mill";

  private SampleDocuments() {}

  /** The id of document {@code number}. */
  public static String id(int number) {
    return String.format(Locale.ROOT, "d%08d", number);
  }

  /** The number of cities among {@code total} documents. */
  public static int cities(int total) {
    return Math.max(1, total / PER_CITY);
  }

  /** The body of document {@code number} of {@code total}. */
  public static String body(int number, int total) {
    // Neighbours live in different cities, as they would.
    long city = number * 7919L % cities(total);
    String head =
        String.format(
            Locale.ROOT,
            "{\"name\":\"name-%08d\",\"city\":\"city-%08d\",\"year\":%d,\"open\":%b,\"text\":\"",
            number,
            city,
            1900 + number % 120,
            number % 3 == 0);
    int room = BYTES - head.length() - 2;
    int from = number % (WORDS.length() - room);
    return head + WORDS.substring(from, from + room) + "\"}";
  }

  /** Documents {@code first} to {@code last - 1} of {@code total}, as a view is given them. */
  static List<Change> changes(int first, int last, int total) {
    Commit commit =
        new Commit(1, total, CommitKind.WRITE, Instant.EPOCH, Attribution.none(), total);
    List<Change> changes = new ArrayList<>(last - first);
    for (int i = first; i < last; i++) {
      Revision revision = new Revision(1, i, i);
      Body body = Body.parse(body(i, total));
      changes.add(new Change(i + 1, "bench", id(i), revision, null, false, commit, body));
    }
    return changes;
  }

  /** The line that imports document {@code number}: the body with an id. */
  public static String importLine(int number, int total) {
    return "{\"id\":\"" + id(number) + "\"," + body(number, total).substring(1);
  }
}
