package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.Retention;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.api.range.Cursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/** Writes of every kind, at random. */
final class Workload {
  private final Random random;
  private boolean purges;

  Workload(Random random) {
    this.random = random;
  }

  /** Purges documents and changes retentions, too. */
  Workload purging() {
    purges = true;
    return this;
  }

  /** Makes {@code steps} writes, many of them without waiting for those before. */
  void run(Database database, int steps) {
    List<CompletionStage<?>> stages = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      stages.add(step(database));
      if (random.nextInt(10) == 0) {
        stages.forEach(Workload::done);
        stages.clear();
      }
    }
    stages.forEach(Workload::done);
  }

  private static void done(CompletionStage<?> stage) {
    Use.await(stage.handle((value, failure) -> 0));
  }

  private CompletionStage<?> step(Database database) {
    String bucket = "b" + random.nextInt(4);
    Attribution who = random.nextBoolean() ? NOBODY : new Attribution("ann", "because");
    return switch (random.nextInt(purges ? 24 : 21)) {
      case 22, 23 -> {
        int keep = random.nextInt(4);
        yield database.bucket(bucket).retain(keep == 0 ? null : new Retention(keep, null), who);
      }
      case 21 -> database.bucket(bucket).purge(List.of("d" + random.nextInt(20)), who);
      case 20 ->
          random.nextInt(3) == 0
              ? database.rollback(past(database), who)
              : database.rollback(bucket, past(database), who);
      case 0 -> database.createBucket(bucket, who);
      case 1 ->
          random.nextInt(4) == 0
              ? database.dropBucket(bucket, who)
              : database.createBucket(bucket, NOBODY);
      case 2 ->
          database
              .bucket(bucket)
              .queries()
              .define(
                  "q" + random.nextInt(3),
                  JsonNodeFactory.instance
                      .objectNode()
                      .put("type", "probe")
                      .put("field", "f" + random.nextInt(3)),
                  who);
      case 3 -> database.bucket(bucket).queries().remove("q" + random.nextInt(3), who);
      case 4, 5, 6, 7 -> database.commit(Use.replicated(List.of(insert(database, bucket))));
      default -> {
        Map<String, Edit> edits = new HashMap<>();
        for (int e = 1 + random.nextInt(3); e > 0; e--) {
          String id = "d" + random.nextInt(20);
          edits.put(
              id,
              random.nextInt(4) == 0
                  ? Use.delete(bucket, id)
                  : Use.put(bucket, id, "{\"f1\":" + random.nextInt(1_000_000_000) + "}"));
        }
        yield database.commit(CommitRequest.write(List.copyOf(edits.values()), who));
      }
    };
  }

  /** Lets everything be erased that is to be: takes away views, and compacts. */
  static void compact(Database database) {
    database
        .buckets()
        .forEach(
            bucket -> {
              var queries = database.bucket(bucket.name()).queries();
              queries
                  .list()
                  .forEach(query -> done(queries.remove(query.definition().name(), NOBODY)));
            });
    database.compact();
    Use.await(
        "compaction",
        () -> database.tasks().stream().noneMatch(task -> task.kind().equals("compaction")));
  }

  private long past(Database database) {
    return 1 + random.nextInt((int) database.since().value() + 1);
  }

  private Edit insert(Database database, String bucket) {
    String id = "d" + random.nextInt(20);
    List<Revision> path = new ArrayList<>();
    Document present = database.bucket(bucket).find(id).orElse(null);
    int shape = random.nextInt(4);
    if (present == null || shape == 0) {
      int generation = 1 + random.nextInt(4);
      for (int length = 1 + random.nextInt(generation); length > 0; length--) {
        path.add(new Revision(generation--, random.nextInt(2), random.nextInt(4)));
      }
    } else {
      int generation = present.revision().generation() + 1;
      path.add(new Revision(generation, random.nextLong(), random.nextInt(4)));
      if (shape == 1) {
        path.add(new Revision(generation - 1, random.nextInt(2), 1));
      } else {
        path.add(present.revision());
      }
    }
    Revision[] names = path.toArray(new Revision[0]);
    return random.nextInt(4) == 0
        ? Use.insertTombstone(bucket, id, names)
        : Use.insert(bucket, id, "{\"f1\":" + random.nextInt(1_000) + "}", names);
  }

  /** Everything that readers see of the present. */
  static Map<String, List<Document>> seen(Database database) {
    Map<String, List<Document>> all = new HashMap<>();
    database
        .buckets()
        .forEach(
            bucket -> {
              try (Cursor<Document> documents =
                  database.bucket(bucket.name()).documents(DocumentRange.all())) {
                List<Document> found = new ArrayList<>();
                while (documents.advance()) {
                  Document winner =
                      database
                          .bucket(bucket.name())
                          .findWithConflicts(documents.current().id())
                          .orElseThrow();
                  found.add(winner);
                  for (Revision conflict : winner.conflicts()) {
                    found.add(
                        database.bucket(bucket.name()).find(winner.id(), conflict).orElseThrow());
                  }
                }
                all.put(bucket.toString(), found);
              }
            });
    return all;
  }
}
