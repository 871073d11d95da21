package io.millrace.engine;

import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.changes;
import static io.millrace.engine.Use.commit;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.insert;
import static io.millrace.engine.Use.insertTombstone;
import static io.millrace.engine.Use.made;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftBehind.class)
class InsertTest {
  private static final String B = "films";

  @TempDir Path folder;
  private final Seed seed = Seed.next();
  private final Random random = seed.random();

  /** Revisions of a few documents; each comes always with the same part of its ancestry. */
  private List<Edit> revisions(boolean gaps) {
    List<Edit> edits = new ArrayList<>();
    for (int d = 0; d < 3; d++) {
      Map<Revision, List<Revision>> ancestries = new LinkedHashMap<>();
      for (int i = 0; i < 12; i++) {
        List<List<Revision>> known = new ArrayList<>(ancestries.values());
        List<Revision> parents =
            known.isEmpty() || random.nextInt(10) == 0
                ? List.of()
                : known.get(Math.max(0, known.size() - 1 - random.nextInt(3)));
        int generation = parents.isEmpty() ? 1 : parents.get(0).generation() + 1;
        List<Revision> path = new ArrayList<>();
        path.add(new Revision(generation, random.nextInt(3) - 1, random.nextLong()));
        path.addAll(parents);
        ancestries.put(path.get(0), path);
        int sent = gaps ? 1 + random.nextInt(path.size()) : path.size();
        boolean deleted = random.nextInt(5) == 0;
        edits.add(
            new Edit.Insert(
                B,
                "d" + d,
                path.subList(0, sent),
                deleted,
                deleted ? Body.EMPTY : Body.parse("{\"r\":\"" + path.get(0) + "\"}")));
      }
    }
    return edits;
  }

  private void insertInRandomOrder(Database database, List<Edit> edits) {
    List<Edit> shuffled = new ArrayList<>(edits);
    Collections.shuffle(shuffled, random);
    List<CompletionStage<CommitOutcome>> stages = new ArrayList<>();
    int at = 0;
    while (at < shuffled.size()) {
      Map<String, Edit> batch = new HashMap<>();
      int most = 1 + random.nextInt(3);
      while (at < shuffled.size()
          && batch.size() < most
          && !batch.containsKey(shuffled.get(at).id())) {
        batch.put(shuffled.get(at).id(), shuffled.get(at));
        at++;
      }
      stages.add(database.commit(Use.replicated(List.copyOf(batch.values()))));
    }
    stages.forEach(stage -> assertThat(await(stage)).isInstanceOf(Committed.class));
  }

  /** What two databases must agree on. */
  private record Seen(Revision winner, boolean deleted, Body body, List<Revision> conflicts) {
    static List<Seen> of(Database database) {
      List<Seen> all = new ArrayList<>();
      for (int d = 0; d < 3; d++) {
        Document found = database.bucket(B).findWithConflicts("d" + d).orElseThrow();
        all.add(new Seen(found.revision(), found.deleted(), found.body(), found.conflicts()));
      }
      return all;
    }
  }

  @Test
  void theOrderOfArrivalMakesNoDifference() {
    for (int round = 0; round < 60; round++) {
      List<Edit> edits = revisions(round % 2 == 1);
      try (Database one = Use.memory(folder.resolve("one" + round)).open();
          Database two = Use.memory(folder.resolve("two" + round)).open()) {
        insertInRandomOrder(one, edits);
        insertInRandomOrder(two, edits);
        assertThat(Seen.of(two)).as("%s, round %s", seed, round).isEqualTo(Seen.of(one));
        assertThat(one.since().value()).as("%s, round %s", seed, round).isEqualTo(36);
        insertInRandomOrder(one, edits);
        assertThat(one.since().value()).as("%s, again in round %s", seed, round).isEqualTo(36);
        assertThat(one.bucket(B).info().orElseThrow().documents())
            .isEqualTo(Seen.of(one).stream().filter(seen -> !seen.deleted()).count());
      }
    }
  }

  @Test
  void anAncestorThatComesLateIsNoLeaf() {
    Revision one = new Revision(1, 1, 1);
    Revision two = new Revision(2, 2, 2);
    Revision three = new Revision(3, 3, 3);
    try (Database database = Use.memory(folder).open()) {
      Bucket bucket = database.bucket(B);
      done(database, insert(B, "a", "{\"n\":3}", three, two, one));
      done(database, insert(B, "a", "{\"n\":1}", one));
      done(database, insert(B, "a", "{\"n\":2}", two, one));
      Document found = bucket.findWithConflicts("a").orElseThrow();
      assertThat(found.revision()).isEqualTo(three);
      assertThat(found.conflicts()).isEmpty();
      assertThat(bucket.find("a", one).orElseThrow().body()).hasToString("{\"n\":1}");
      Committed again = done(database, insert(B, "a", "{\"n\":1}", one));
      assertThat(again.written().get(0).sequence()).isEqualTo(2);
      assertThat(database.since().value()).isEqualTo(3);
      done(database, insert(B, "b", "{}", three, two));
      done(database, insert(B, "b", "{}", one));
      assertThat(bucket.findWithConflicts("b").orElseThrow().conflicts()).containsExactly(one);
      done(database, insert(B, "b", "{}", two, one));
      assertThat(bucket.findWithConflicts("b").orElseThrow().conflicts()).isEmpty();
    }
  }

  @Test
  void localEditsGoOnFromForeignLeaves() {
    try (Database database = Use.memory(folder).open()) {
      Bucket bucket = database.bucket(B);
      Revision first = made(database, put(B, "a", "{\"n\":1}"));
      Revision low = new Revision(2, 1, 1);
      Revision high = new Revision(2, -1, 1);
      done(database, insert(B, "a", "{\"n\":\"low\"}", low, first));
      done(database, insert(B, "a", "{\"n\":\"high\"}", high, first));
      assertThat(bucket.findWithConflicts("a").orElseThrow().conflicts()).containsExactly(low);
      Revision longer = new Revision(3, 1, 1);
      done(database, insert(B, "a", "{\"n\":\"longer\"}", longer, low, first));
      Document found = bucket.findWithConflicts("a").orElseThrow();
      assertThat(found.revision()).isEqualTo(longer);
      assertThat(found.conflicts()).containsExactly(high);
      Revision local = made(database, put(B, "a", "{\"n\":\"local\"}"));
      assertThat(local.generation()).isEqualTo(4);
      done(database, new Edit.Delete(B, "a", Base.of(high)));
      found = bucket.findWithConflicts("a").orElseThrow();
      assertThat(found.revision()).isEqualTo(local);
      assertThat(found.conflicts()).isEmpty();
      done(database, insertTombstone(B, "a", new Revision(5, 5, 5), local, longer));
      assertThat(bucket.get("a")).isEmpty();
      assertThat(bucket.info().orElseThrow().documents()).isZero();
      assertThat(bucket.info().orElseThrow().deleted()).isEqualTo(1);
      assertThat(bucket.findAt("a", 3).orElseThrow().body()).hasToString("{\"n\":\"high\"}");
      assertThat(bucket.findAt("a", 2).orElseThrow().body()).hasToString("{\"n\":\"low\"}");
      Revision again = made(database, put(B, "a", Base.absent(), "{}"));
      assertThat(again.generation()).isEqualTo(6);
    }
  }

  @Test
  void localEditsAreForeignOnesElsewhere() {
    try (Database here = Use.memory(folder.resolve("here")).open();
        Database there = Use.memory(folder.resolve("there")).open()) {
      Revision one = made(here, put(B, "a", "{\"n\":1}"));
      Revision two = made(here, put(B, "a", "{\"n\":2}"));
      assertThat(made(there, put(B, "a", "{\"n\":1}"))).isEqualTo(one);
      done(there, insert(B, "a", "{\"n\":2}", two, one));
      assertThat(there.since().value()).isEqualTo(2);
      Committed known = done(there, insert(B, "a", "{\"n\":1}", one));
      assertThat(known.written().get(0).sequence()).isEqualTo(1);
      assertThat(known.written().get(0).created()).isFalse();
      assertThat(there.since().value()).isEqualTo(2);
    }
  }

  @Test
  void aLongPastDoesNotMakeWritingOrReadingHeavier() {
    try (Database database = Use.memory(folder).treeDepth(10).open()) {
      List<CompletionStage<CommitOutcome>> stages = new ArrayList<>();
      long early = 0;
      for (int i = 0; i < 5_000; i++) {
        stages.add(
            database.commit(
                io.millrace.api.document.CommitRequest.write(
                    List.of(put(B, "a", "{\"n\":" + (10_000 + i) + "}")), Use.NOBODY)));
        if (i == 100) {
          await(stages.get(100));
          early = database.info().storeBytes();
        }
      }
      stages.forEach(Use::await);
      long each = (database.info().storeBytes() - early) / 4_900;
      assertThat(each).isLessThan(early / 50);
      Document found = database.bucket(B).get("a").orElseThrow();
      assertThat(found.revision().generation()).isEqualTo(5_000);
      Revision sibling = new Revision(5_000, -1, -1);
      Revision parent = changes(database.activity()).get(4_998).revision();
      done(database, insert(B, "a", "{}", sibling, parent));
      Document both = database.bucket(B).findWithConflicts("a").orElseThrow();
      assertThat(both.revision()).isEqualTo(sibling);
      assertThat(both.conflicts()).containsExactly(found.revision());
      assertThat(commit(database, delete(B, "a"))).isInstanceOf(Committed.class);
      assertThat(database.bucket(B).get("a").orElseThrow().revision()).isEqualTo(found.revision());
    }
  }
}
