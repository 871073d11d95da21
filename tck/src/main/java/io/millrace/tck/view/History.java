package io.millrace.tck.view;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.Revision;
import io.millrace.api.view.ViewInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All changes of a bucket, in their order; their sequences have gaps. Immutable. */
record History(List<Change> changes) {
  private static final List<String> ODD_IDS =
      List.of("1", "10", "2", "a b", "\u00e9", "\ud83d\ude00", "\uffff", "\"", "x/y", "\\");

  History {
    changes = List.copyOf(changes);
  }

  /** Changes of a few documents. */
  static History random(Random random, int length, Supplier<Body> bodies, @Nullable Body failing) {
    Maker maker = new Maker(random);
    List<String> ids = new ArrayList<>(ODD_IDS);
    for (int i = 0; i < 12; i++) {
      ids.add("film-" + i);
    }
    ids.add("long-" + "x".repeat(500));
    for (int i = 0; i < length; i++) {
      String id = ids.get(random.nextInt(ids.size()));
      if (maker.isLive(id) && random.nextInt(5) == 0) {
        maker.delete(id);
      } else if (failing != null && random.nextInt(12) == 0) {
        maker.put(id, failing);
      } else {
        maker.put(id, bodies.get());
      }
    }
    return maker.history();
  }

  /** The sequence of the last change; 0 for none. */
  long last() {
    return changes.isEmpty() ? 0 : changes.get(changes.size() - 1).sequence();
  }

  /** The changes up to {@code sequence}. */
  History until(long sequence) {
    return new History(changes.stream().filter(change -> change.sequence() <= sequence).toList());
  }

  /** The changes and one more for each document that is live: its end. */
  History withEverythingDeleted(Random random) {
    Maker maker = new Maker(random, this);
    List<String> live = new ArrayList<>(newest().keySet());
    Collections.shuffle(live, random);
    live.stream().filter(maker::isLive).forEach(maker::delete);
    return maker.history();
  }

  /** Each document's newest change, in the order of the sequences. */
  Map<String, Change> newest() {
    Map<String, Change> newest = new LinkedHashMap<>();
    for (Change change : changes) {
      newest.remove(change.id());
      newest.put(change.id(), change);
    }
    return newest;
  }

  /** What a database that ends with {@code present} gives to a view that is at {@code position}. */
  List<Change> behind(long position, long present, ViewInput input) {
    History past = until(present);
    return (input == ViewInput.CHANGES ? past.changes : List.copyOf(past.newest().values()))
        .stream().filter(change -> change.sequence() > position).toList();
  }

  /** Whether no document of {@code portion} changed before, and each changes once in it. */
  boolean allNew(List<Change> portion) {
    Set<String> before = new HashSet<>();
    long first = portion.get(0).sequence();
    until(first - 1).changes.forEach(change -> before.add(change.id()));
    return portion.stream().allMatch(change -> before.add(change.id()));
  }

  /** Puts a history together. */
  static final class Maker {
    private final Random random;
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, Change> newest = new HashMap<>();
    private long sequence;

    Maker(Random random) {
      this.random = random;
    }

    Maker(Random random, History before) {
      this.random = random;
      changes.addAll(before.changes);
      newest.putAll(before.newest());
      sequence = before.last();
    }

    boolean isLive(String id) {
      Change last = newest.get(id);
      return last != null && !last.deleted();
    }

    Maker put(String id, Body body) {
      return add(id, false, body);
    }

    Maker put(String id, String body) {
      return put(id, Body.parse(body));
    }

    Maker delete(String id) {
      return add(id, true, Body.EMPTY);
    }

    private Maker add(String id, boolean deleted, Body body) {
      sequence += 1 + (random.nextInt(3) == 0 ? random.nextInt(4) : 0);
      Change before = newest.get(id);
      Revision parent = before == null ? null : before.revision();
      int generation = parent == null ? 1 : parent.generation() + 1;
      Revision revision = new Revision(generation, random.nextLong(), random.nextLong());
      Instant time = Instant.EPOCH.plusSeconds(sequence);
      Commit commit = new Commit(sequence, sequence, CommitKind.WRITE, time, Attribution.none(), 1);
      Change change =
          new Change(sequence, ViewExample.BUCKET, id, revision, parent, deleted, commit, body);
      changes.add(change);
      newest.put(id, change);
      return this;
    }

    History history() {
      return new History(changes);
    }
  }
}
