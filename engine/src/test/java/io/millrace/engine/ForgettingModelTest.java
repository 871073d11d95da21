package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ActivityFilter;
import io.millrace.api.BackupInfo;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.Retention;
import io.millrace.api.RolledBack;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.maintenance.Restore;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Purges, retentions and compactions beside everything else, against a plain model. */
@ExtendWith(NothingLeftBehind.class)
class ForgettingModelTest {
  private static final String B = "b";
  private static final int IDS = 25;

  @TempDir Path temporary;

  private Path data() {
    return temporary.resolve("data");
  }

  private Database open() {
    return Folders.segmented(data()).compactionRate(2L << 20).compactionInterval(null).open();
  }

  /** What should be there. */
  private static final class Model {
    /** The bodies of each document by sequence; null for a tombstone. */
    final Map<String, TreeMap<Long, String>> history = new TreeMap<>();

    /** Bodies that may be nowhere any more. */
    final Set<String> purged = new HashSet<>();

    /** The least that any retention so far kept of each document; the rest may be forgotten. */
    int kept = Integer.MAX_VALUE;

    /** What is kept from now on; 0 for all. */
    int retention;

    /** Whether a compaction may forget what is the {@code newer}-th newest of its document. */
    boolean mayBeForgotten(TreeMap<Long, String> states, long sequence) {
      return states.tailMap(sequence, false).size() >= kept;
    }

    void put(String id, long sequence, String body) {
      history.computeIfAbsent(id, key -> new TreeMap<>()).put(sequence, body);
    }

    void purge(String id) {
      TreeMap<Long, String> gone = history.remove(id);
      if (gone != null) {
        gone.values().forEach(body -> purged.add(body == null ? "" : body));
        purged.remove("");
      }
    }
  }

  private static void assertIsModel(Database database, Model model, Random random, String what) {
    Map<String, String> expected = new TreeMap<>();
    model.history.forEach(
        (id, states) -> {
          String last = states.lastEntry().getValue();
          if (last != null) {
            expected.put(id, last);
          }
        });
    Map<String, String> found = new TreeMap<>();
    for (Document document : Use.all(database.bucket(B).documents(DocumentRange.all()))) {
      found.put(document.id(), text(document));
    }
    assertThat(found).as(what).isEqualTo(expected);
    for (int i = 0; i < 20; i++) {
      long at = 1 + random.nextInt((int) database.since().value());
      String id = "d" + random.nextInt(IDS);
      TreeMap<Long, String> states = model.history.getOrDefault(id, new TreeMap<>());
      Map.Entry<Long, String> then = states.floorEntry(at);
      String past;
      try {
        past =
            database
                .bucket(B)
                .findAt(id, at)
                .filter(state -> !state.deleted())
                .map(ForgettingModelTest::text)
                .orElse(null);
      } catch (NotFoundException e) {
        assertThat(e.code()).isEqualTo("forgotten");
        assertThat(then).as("%s at %d, %s", id, at, what).isNotNull();
        assertThat(model.mayBeForgotten(states, then.getKey()))
            .as("%s at %d is forgotten, %s", id, at, what)
            .isTrue();
        continue;
      }
      assertThat(past)
          .as("%s at %d, %s", id, at, what)
          .isEqualTo(then == null ? null : then.getValue());
    }
  }

  /** Rolls the bucket back, if what that needs is kept; and the model. */
  private static void rollback(Database database, Model model, long to) {
    Map<String, String> target = new TreeMap<>();
    model.history.forEach(
        (id, states) -> {
          Map.Entry<Long, String> then = states.floorEntry(to);
          target.put(id, then == null ? null : then.getValue());
        });
    long before = database.since().value();
    RolledBack done;
    try {
      done = Use.await(database.rollback(B, to, NOBODY));
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(NotFoundException.class);
      assertThat(database.since().value()).isEqualTo(before);
      return;
    }
    model.retention = database.bucket(B).retention().map(Retention::keep).orElse(0);
    if (model.retention > 0) {
      model.kept = Math.min(model.kept, model.retention);
    }
    if (done.created() + done.updated() + done.deleted() == 0) {
      return;
    }
    for (Change change :
        Use.changes(
            database.bucket(B).activity(),
            SequenceRange.between(done.first(), done.sequence()),
            ActivityFilter.none())) {
      if (!change.id().startsWith("_")) {
        model.put(change.id(), change.sequence(), target.get(change.id()));
      }
    }
  }

  private static void retain(Database database, Model model, Random random) {
    model.retention = random.nextInt(4);
    if (model.retention > 0) {
      model.kept = Math.min(model.kept, model.retention);
    }
    Retention retention = model.retention == 0 ? null : new Retention(model.retention, null);
    Use.await(database.bucket(B).retain(retention, NOBODY));
  }

  private static String text(Document document) {
    return new String(document.body().json(), StandardCharsets.UTF_8);
  }

  private static void step(Database database, Model model, Random random, int number) {
    String id = "d" + random.nextInt(IDS);
    int what = random.nextInt(12);
    Edit edit = what == 0 ? Use.delete(B, id) : Use.put(B, id, "{\"secret\":\"s" + number + "e\"}");
    CommitOutcome outcome =
        what == 1
            ? Use.await(database.bucket(B).purge(List.of(id), NOBODY))
            : Use.commit(database, edit);
    if (outcome instanceof Committed committed) {
      if (what == 1) {
        model.purge(id);
      } else {
        model.put(id, committed.sequence(), what == 0 ? null : "{\"secret\":\"s" + number + "e\"}");
      }
    }
  }

  @Test
  void readersWritersAndBackupsNeverNoticeForgetting() throws IOException {
    Seed seed = Seed.next();
    Random random = seed.random();
    Model model = new Model();
    List<BackupInfo> backups = new ArrayList<>();
    int number = 0;
    for (int life = 0; life < 4; life++) {
      try (Database database = open()) {
        assertIsModelIfAny(database, model, random, seed + ", opened");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> readers =
            CompletableFuture.runAsync(() -> readUntil(database, done));
        for (int i = 0; i < 250; i++) {
          step(database, model, random, number++);
          if (random.nextInt(40) == 0) {
            database.compact();
          }
          if (random.nextInt(50) == 0) {
            retain(database, model, random);
          }
          if (random.nextInt(50) == 0) {
            rollback(database, model, 1 + random.nextInt((int) database.since().value()));
          }
          if (random.nextInt(60) == 0) {
            assertIsModel(database, model, random, seed + ", meanwhile");
          }
          if (random.nextInt(120) == 0) {
            backups.add(database.backup(temporary.resolve("backup-" + backups.size())));
          }
        }
        if (life == 3) {
          Workload.compact(database);
          model.retention = 2;
          model.kept = Math.min(model.kept, 2);
          Use.await(database.bucket(B).retain(new Retention(2, null), NOBODY));
          done.set(true);
          Use.await(readers);
          Workload.compact(database);
          assertJustTwoAreKept(database, model, seed.toString());
        }
        done.set(true);
        Use.await(readers);
        assertThat(database.verify(1, database.since().value(), null).ok()).isTrue();
      }
      Folders.requireClean(data());
    }
    assertNoLogHolds(model.purged);
    for (BackupInfo backup : backups) {
      Path restored = temporary.resolve("restored-" + backup.sequence());
      new Restore(Folders.workshop()).run(backup.folder(), restored);
      Folders.requireClean(restored);
    }
  }

  private static void assertJustTwoAreKept(Database database, Model model, String what) {
    model.history.forEach(
        (id, states) -> {
          for (Map.Entry<Long, String> state : states.entrySet()) {
            if (state.getValue() == null) {
              continue;
            }
            boolean forgotten = false;
            try {
              database.bucket(B).findAt(id, state.getKey());
            } catch (NotFoundException e) {
              forgotten = true;
            }
            // What an earlier retention did not keep does not come back.
            boolean old = states.tailMap(state.getKey(), false).size() >= 2;
            if (old || model.kept >= 2) {
              assertThat(forgotten).as("%s at %d, %s", id, state.getKey(), what).isEqualTo(old);
            }
          }
        });
  }

  private static void assertIsModelIfAny(
      Database database, Model model, Random random, String what) {
    if (database.since().value() > 0) {
      assertIsModel(database, model, random, what);
    }
  }

  /** Reads in every way; nothing may fail. */
  private static void readUntil(Database database, AtomicBoolean done) {
    while (!done.get()) {
      Use.changes(database.activity());
      Use.changes(database.bucket(B).activity());
      Use.all(database.bucket(B).documents(DocumentRange.all()));
      long last = database.since().value();
      for (long at = 1; at < last; at += 1 + last / 10) {
        long seen = at;
        orForgotten(() -> Use.all(database.bucket(B).documents(DocumentRange.all().at(seen))));
        orForgotten(() -> database.bucket(B).findAt("d1", seen));
        database.bucket(B).find("d2");
      }
    }
  }

  private static void orForgotten(Runnable reading) {
    try {
      reading.run();
    } catch (NotFoundException e) {
      if (!e.code().equals("forgotten") && !e.code().equals("purged")) {
        throw e;
      }
    }
  }

  private void assertNoLogHolds(Set<String> bodies) throws IOException {
    assertThat(bodies).hasSizeGreaterThan(20);
    StringBuilder log = new StringBuilder();
    for (Path file : Folders.below(data().resolve("log"))) {
      if (Files.isDirectory(file)) {
        continue;
      }
      log.append(Files.readString(file, StandardCharsets.ISO_8859_1));
    }
    assertThat(bodies).noneMatch(body -> log.indexOf(body) >= 0);
  }
}
