package io.millrace.engine;

import static io.millrace.engine.Use.await;

import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes at random, and remembers in plain collections what the present looked like after each
 * change: that is what the past must look like later.
 */
final class PastModel {
  static final List<String> BUCKETS = List.of("b0", "b1", "b2");

  /** Ids in their byte order, some of them beginning with others. */
  static final List<String> IDS =
      List.of("a", "a!", "a/b", "aa", "b", "conflict1", "conflict2", "z\u00e9", "\ud83d\ude00");

  /** A commit as it was made. */
  record Made(
      long first,
      long last,
      CommitKind kind,
      Instant time,
      @Nullable String author,
      @Nullable String message,
      int changes,
      Set<String> buckets) {}

  /** One life of a bucket. */
  static final class Life {
    final long created;
    long dropped;
    final Map<String, TreeMap<Long, Document>> documents = new TreeMap<>(ORDER);

    Life(long created) {
      this.created = created;
    }
  }

  static final Comparator<String> ORDER =
      (one, other) ->
          Arrays.compareUnsigned(
              one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

  final List<Made> commits = new ArrayList<>();
  final Map<String, List<Life>> lives = new TreeMap<>();
  private final Random random;
  private long millis = 1_000_000;
  private long newest = Long.MIN_VALUE;

  PastModel(Random random) {
    this.random = random;
    BUCKETS.forEach(bucket -> lives.put(bucket, new ArrayList<>()));
  }

  /** A clock that stands still between writes and now and then goes back. */
  Clock clock() {
    return new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(millis);
      }
    };
  }

  void run(Database database, int steps) {
    for (int i = 0; i < steps; i++) {
      millis += random.nextInt(10) == 0 ? -random.nextInt(50) : random.nextInt(20);
      step(database);
    }
  }

  private void step(Database database) {
    String bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
    Attribution who =
        new Attribution(
            random.nextInt(3) == 0 ? null : "author " + random.nextInt(3),
            random.nextInt(3) == 0 ? null : "Fixes THE thing " + random.nextInt(3));
    int kind = random.nextInt(20);
    if (kind == 0) {
      if (await(database.dropBucket(bucket, who)) > 0) {
        noteBucket(database, CommitKind.BUCKET_DROPPED, who, bucket);
        last(bucket).dropped = database.since().value();
      }
    } else if (kind == 1) {
      if (await(database.createBucket(bucket, who)) > 0) {
        noteBucket(database, CommitKind.BUCKET_CREATED, who, bucket);
        lives.get(bucket).add(new Life(database.since().value()));
      }
    } else if (kind < 6) {
      String id = "conflict" + (1 + random.nextInt(2));
      commit(database, List.of(insert(database, bucket, id)), who, CommitKind.REPLICATED);
    } else {
      Map<String, Edit> edits = new LinkedHashMap<>();
      for (int e = 1 + random.nextInt(3); e > 0; e--) {
        String where = random.nextInt(4) == 0 ? BUCKETS.get(random.nextInt(3)) : bucket;
        String id = IDS.get(random.nextInt(IDS.size()));
        boolean live = database.bucket(where).get(id).isPresent();
        edits.put(
            where + "/" + id,
            live && random.nextInt(4) == 0
                ? Use.delete(where, id)
                : Use.put(where, id, RandomJson.object(random)));
      }
      commit(database, List.copyOf(edits.values()), who, CommitKind.WRITE);
    }
  }

  private Edit insert(Database database, String bucket, String id) {
    int generation = 1 + random.nextInt(4);
    List<Revision> path = new ArrayList<>();
    Document present = database.bucket(bucket).find(id).orElse(null);
    path.add(new Revision(generation, random.nextLong(), random.nextInt(4)));
    if (present != null && random.nextBoolean()) {
      path.set(0, new Revision(present.revision().generation() + 1, random.nextLong(), 1));
      path.add(present.revision());
    }
    Revision[] names = path.toArray(new Revision[0]);
    return random.nextInt(4) == 0
        ? Use.insertTombstone(bucket, id, names)
        : Use.insert(bucket, id, RandomJson.object(random), names);
  }

  private void commit(Database database, List<Edit> edits, Attribution who, CommitKind kind) {
    CommitOutcome outcome = await(database.commit(new CommitRequest(edits, who, kind)));
    if (!(outcome instanceof Committed committed)) {
      throw new AssertionError("refused: " + outcome);
    }
    long first = commits.isEmpty() ? 1 : commits.get(commits.size() - 1).last() + 1;
    Set<String> buckets = new TreeSet<>();
    for (CommitOutcome.Written written : committed.written()) {
      buckets.add(written.bucket());
      if (database.bucket(written.bucket()).info().isPresent() && last(written.bucket()) == null) {
        lives.get(written.bucket()).add(new Life(first));
      }
      last(written.bucket())
          .documents
          .computeIfAbsent(written.id(), id -> new TreeMap<>())
          .put(
              written.sequence(),
              database.bucket(written.bucket()).find(written.id()).orElseThrow());
    }
    note(first, committed.sequence(), kind, who, edits.size(), buckets);
  }

  private void noteBucket(Database database, CommitKind kind, Attribution who, String bucket) {
    long sequence = database.since().value();
    note(sequence, sequence, kind, who, 0, Set.of(bucket));
  }

  private void note(
      long first, long last, CommitKind kind, Attribution who, int changes, Set<String> buckets) {
    newest = Math.max(newest, millis);
    commits.add(
        new Made(
            first,
            last,
            kind,
            Instant.ofEpochMilli(newest),
            who.author(),
            who.message(),
            changes,
            buckets));
  }

  /** The life that is not over; null when there is none. */
  private @Nullable Life last(String bucket) {
    List<Life> all = lives.get(bucket);
    Life newestLife = all.isEmpty() ? null : all.get(all.size() - 1);
    return newestLife == null || newestLife.dropped != 0 ? null : newestLife;
  }

  @Nullable Life lifeAt(String bucket, long sequence) {
    for (Life life : lives.get(bucket)) {
      if (life.created <= sequence && (life.dropped == 0 || sequence < life.dropped)) {
        return life;
      }
    }
    return null;
  }

  /** The winner of a document right after {@code sequence}, a tombstone included. */
  @Nullable Document at(String bucket, String id, long sequence) {
    Life life = lifeAt(bucket, sequence);
    TreeMap<Long, Document> states = life == null ? null : life.documents.get(id);
    Map.Entry<Long, Document> state = states == null ? null : states.floorEntry(sequence);
    return state == null ? null : state.getValue();
  }

  /** The live bodies right after {@code sequence}, in the order of ids. */
  Map<String, Body> bodiesAt(String bucket, long sequence) {
    Map<String, Body> bodies = new LinkedHashMap<>();
    Life life = lifeAt(bucket, sequence);
    if (life != null) {
      for (String id : life.documents.keySet()) {
        Document document = at(bucket, id, sequence);
        if (document != null && !document.deleted()) {
          bodies.put(id, document.body());
        }
      }
    }
    return bodies;
  }

  long lastSequence() {
    return commits.get(commits.size() - 1).last();
  }
}
