package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Documents that may only be made: whether an id is taken is known in whatever order ids come. */
@ExtendWith(NothingLeftBehind.class)
class NewDocumentsTest {
  private static final List<String> BUCKETS = List.of("one", "other");

  /** In the order of UTF-8, which is not that of Java's strings. */
  private static final List<String> LETTERS =
      List.of("a", "b", "z", "\u00e9", "\uffee", "\ud83d\ude00");

  private final Seed seed = Seed.next();
  private final Random random = seed.random();
  private final Map<String, Set<String>> model = new HashMap<>();
  private int rising;

  @TempDir Path folder;

  @Test
  void anIdIsTakenOnceInWhateverOrderTheyCome() {
    for (int opening = 0; opening < 4; opening++) {
      try (Database database = Use.kept(folder).open()) {
        for (int round = 0; round < 40; round++) {
          submitSome(database);
          if (random.nextInt(20) == 0) {
            String bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
            await(database.dropBucket(bucket, Attribution.none()));
            model.remove(bucket);
          }
        }
      }
    }
  }

  /** Many at once, so that they are planned on what is not indexed yet. */
  private void submitSome(Database database) {
    List<CompletionStage<CommitOutcome>> outcomes = new ArrayList<>();
    List<Boolean> expected = new ArrayList<>();
    for (int commits = random.nextInt(12); commits >= 0; commits--) {
      String bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
      Set<String> taken = model.computeIfAbsent(bucket, name -> new HashSet<>());
      Set<String> ids = new HashSet<>();
      List<Edit> edits = new ArrayList<>();
      for (int size = random.nextInt(8) == 0 ? 100 : random.nextInt(3); size >= 0; size--) {
        String id = id();
        if (ids.add(id)) {
          edits.add(Use.put(bucket, id, Base.absent(), "{}"));
        }
      }
      boolean free = ids.stream().noneMatch(taken::contains);
      expected.add(free);
      if (free) {
        taken.addAll(ids);
      }
      outcomes.add(database.commit(CommitRequest.write(edits, NOBODY)));
    }
    for (int i = 0; i < outcomes.size(); i++) {
      assertThat(await(outcomes.get(i)) instanceof Committed)
          .as("%s, with %s", i, seed)
          .isEqualTo(expected.get(i));
    }
  }

  private String id() {
    if (random.nextInt(3) == 0) {
      return "n" + (100_000 + rising++);
    }
    StringBuilder id = new StringBuilder();
    for (int length = random.nextInt(4); length >= 0; length--) {
      id.append(LETTERS.get(random.nextInt(LETTERS.size())));
    }
    return id.toString();
  }
}
