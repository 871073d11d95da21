package io.millrace.tck.store;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All answers that a store gave, some of which may be that its data are damaged. Each of the others
 * must be right.
 */
final class StoreObservation {
  /** The rows that a walk delivered, and whether it came to its end. */
  private record Walk(KeyRange range, List<String> rows, boolean complete) {}

  /** The value found under a key; null for none. */
  private record Point(byte[] key, byte @Nullable [] value) {}

  private final Map<String, List<Walk>> walks = new TreeMap<>();
  private final Map<String, List<Point>> points = new TreeMap<>();
  private @Nullable CorruptionException damage;

  private StoreObservation() {}

  /**
   * Reads everything.
   *
   * @param asked its keys are looked up one by one
   */
  static StoreObservation of(Store store, StoreModel asked) {
    StoreObservation all = new StoreObservation();
    Set<String> there = new TreeSet<>();
    try {
      there.addAll(store.keyspaces());
    } catch (CorruptionException e) {
      all.damaged(e);
      there.addAll(asked.keyspaces());
    }
    for (String name : asked.keyspaces()) {
      if (!there.contains(name)) {
        // Not asked for by its name, which might make it.
        all.walks.put(name, List.of(new Walk(KeyRange.all(), List.of(), true)));
      }
    }
    for (String name : there) {
      all.read(store, name, asked.keys(name));
    }
    return all;
  }

  private void read(Store store, String name, List<byte[]> keys) {
    try {
      Keyspace keyspace = store.keyspace(name);
      walk(store, keyspace, KeyRange.all());
      walk(store, keyspace, KeyRange.all().reversed(true));
      keys.forEach(key -> look(store, keyspace, key));
    } catch (CorruptionException e) {
      damaged(e);
    }
  }

  private void walk(Store store, Keyspace keyspace, KeyRange range) {
    List<String> rows = new ArrayList<>();
    boolean complete = false;
    try (StoreCursor cursor = store.range(keyspace, range)) {
      while (cursor.advance()) {
        rows.add(StoreModel.text(cursor.key(), cursor.value()));
      }
      complete = true;
    } catch (CorruptionException e) {
      damaged(e);
    }
    walks
        .computeIfAbsent(keyspace.name(), name -> new ArrayList<>())
        .add(new Walk(range, rows, complete));
  }

  private void look(Store store, Keyspace keyspace, byte[] key) {
    try {
      Point point = new Point(key, store.get(keyspace, key));
      points.computeIfAbsent(keyspace.name(), name -> new ArrayList<>()).add(point);
    } catch (CorruptionException e) {
      damaged(e);
    }
  }

  private void damaged(CorruptionException e) {
    if (e.place().isBlank()) {
      throw new AssertionError("damage is reported without its place", e);
    }
    damage = e;
  }

  /** The number of steps that explains every answer. */
  StoreFinding explainedBy(StoreSteps steps, int most) {
    int least = lastCounted();
    StoreModel model = new StoreModel();
    String why = "it has rows of more than the " + most + " steps that were done";
    for (int done = 0; done <= most; done++) {
      if (done > 0) {
        steps.apply(model, done);
      }
      if (done >= least) {
        String contradiction = contradiction(model);
        if (contradiction == null) {
          return new StoreFinding(withDropsThatDidNothing(steps, model, done, most), damage);
        }
        why = done == least ? "after step " + done + " " + contradiction : why;
      }
    }
    throw new AssertionError(
        "what the store holds is the result of no number of steps up to "
            + most
            + "; the nearest: "
            + why);
  }

  private int withDropsThatDidNothing(StoreSteps steps, StoreModel model, int from, int most) {
    int done = from;
    while (done < most && steps.isDrop(done + 1)) {
      steps.apply(model, done + 1);
      if (contradiction(model) != null) {
        break;
      }
      done++;
    }
    return done;
  }

  /** The last step of which a row was seen. */
  private int lastCounted() {
    int last = 0;
    for (Walk walk : walks.getOrDefault(StoreSteps.COUNTING, List.of())) {
      for (String row : walk.rows()) {
        last = Math.max(last, StoreSteps.number(row));
      }
    }
    return last;
  }

  private @Nullable String contradiction(StoreModel model) {
    for (Map.Entry<String, List<Walk>> keyspace : walks.entrySet()) {
      for (Walk walk : keyspace.getValue()) {
        List<String> expected = model.rows(keyspace.getKey(), walk.range());
        int count =
            walk.complete() ? expected.size() : Math.min(walk.rows().size(), expected.size());
        if (!walk.rows().equals(expected.subList(0, count))) {
          return difference(keyspace.getKey(), walk.rows(), expected);
        }
      }
    }
    for (Map.Entry<String, List<Point>> keyspace : points.entrySet()) {
      for (Point point : keyspace.getValue()) {
        if (!Arrays.equals(point.value(), model.get(keyspace.getKey(), point.key()))) {
          return "a value in " + keyspace.getKey() + " is another, or missing";
        }
      }
    }
    return null;
  }

  private static String difference(String keyspace, List<String> rows, List<String> expected) {
    int same = 0;
    while (same < Math.min(rows.size(), expected.size())
        && rows.get(same).equals(expected.get(same))) {
      same++;
    }
    return keyspace
        + " has "
        + rows.size()
        + " rows instead of "
        + expected.size()
        + ", different from number "
        + same
        + " on";
  }
}
