package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.all;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.flipkart.zjsonpatch.JsonPatch;
import io.millrace.api.ActivityFilter;
import io.millrace.api.Bucket;
import io.millrace.api.CommitFilter;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.History;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Blame;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Difference;
import io.millrace.api.document.Difference.Kind;
import io.millrace.api.document.Document;
import io.millrace.api.document.DocumentTree;
import io.millrace.api.document.Edit;
import io.millrace.api.document.ExactTree;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.Moment;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeftBehind.class)
class HistoryTest {
  private static final String B = "b";
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"memory", "rocksdb", "leveldb", "xodus"})
  void pastIsWhatThePresentWas(String store) {
    Seed seed = Seed.next();
    Random random = seed.random();
    PastModel model = new PastModel(random);
    try (Database database =
        Millrace.in(folder)
            .log("memory", Map.of())
            .store(store, Map.of())
            .clock(model.clock())
            .open()) {
      model.run(database, 150);
      for (int i = 0; i < 200; i++) {
        String bucket = PastModel.BUCKETS.get(random.nextInt(3));
        long sequence = 1 + random.nextInt((int) model.lastSequence());
        checkDocuments(seed, model, database.bucket(bucket), sequence, random);
        checkCommits(seed, model, database, random);
        checkDifferences(seed, model, database.bucket(bucket), sequence, random);
        checkPatch(seed, model, database.bucket(bucket), sequence, random);
        checkBlame(seed, model, database.bucket(bucket), sequence, random);
        checkTime(seed, model, database, random);
      }
    }
  }

  private static void checkDocuments(
      Seed seed, PastModel model, Bucket bucket, long sequence, Random random) {
    assertThat(bucket.existedAt(sequence))
        .as("%s: %s at %d", seed, bucket.name(), sequence)
        .isEqualTo(model.lifeAt(bucket.name(), sequence) != null);
    for (String id : PastModel.IDS) {
      assertThat(bucket.findAt(id, sequence).orElse(null))
          .as("%s: %s/%s at %d", seed, bucket.name(), id, sequence)
          .isEqualTo(model.at(bucket.name(), id, sequence));
    }
    DocumentRange range =
        new DocumentRange(
            random.nextInt(3) == 0 ? id(random) : null,
            random.nextInt(3) == 0 ? id(random) : null,
            random.nextInt(3) == 0 ? id(random).substring(0, 1) : null,
            random.nextInt(3) == 0 ? id(random) : null,
            random.nextBoolean(),
            sequence,
            true);
    List<String> expected = new ArrayList<>(model.bodiesAt(bucket.name(), sequence).keySet());
    expected.removeIf(id -> !within(range, id));
    if (range.reverse()) {
      Collections.reverse(expected);
    }
    List<Document> found = all(bucket.documents(range));
    assertThat(found)
        .as("%s: %s %s", seed, bucket.name(), range)
        .extracting(Document::id)
        .isEqualTo(expected);
    for (Document document : found) {
      assertThat(document).isEqualTo(model.at(bucket.name(), document.id(), sequence));
    }
  }

  private static String id(Random random) {
    return PastModel.IDS.get(random.nextInt(PastModel.IDS.size() - 1));
  }

  private static boolean within(DocumentRange range, String id) {
    int after = range.after() == null ? 0 : PastModel.ORDER.compare(id, range.after());
    return (range.start() == null || PastModel.ORDER.compare(id, range.start()) >= 0)
        && (range.end() == null || PastModel.ORDER.compare(id, range.end()) < 0)
        && (range.prefix() == null || id.startsWith(range.prefix()))
        && (range.after() == null || (range.reverse() ? after < 0 : after > 0));
  }

  private static void checkCommits(Seed seed, PastModel model, Database database, Random random) {
    int last = (int) model.lastSequence();
    SequenceRange range =
        new SequenceRange(
            random.nextInt(last + 3),
            random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextInt(last + 3),
            random.nextBoolean(),
            random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(10));
    CommitFilter filter =
        new CommitFilter(
            random.nextInt(3) == 0 ? "author " + random.nextInt(3) : null,
            random.nextInt(3) == 0 ? "the THING " + random.nextInt(3) : null,
            random.nextInt(3) == 0 ? CommitKind.values()[random.nextInt(5)] : null,
            random.nextInt(3) == 0 ? commitTime(model, random) : null,
            random.nextInt(3) == 0 ? commitTime(model, random) : null);
    String bucket = random.nextBoolean() ? null : PastModel.BUCKETS.get(random.nextInt(3));
    List<PastModel.Made> expected = new ArrayList<>();
    for (PastModel.Made made : model.commits) {
      if (range.contains(made.last())
          && (bucket == null || made.buckets().contains(bucket))
          && passes(made, filter)) {
        expected.add(made);
      }
    }
    if (range.reverse()) {
      Collections.reverse(expected);
    }
    expected = expected.subList(0, (int) Math.min(range.limit(), expected.size()));
    List<Commit> found =
        all(
            bucket == null
                ? database.commits(range, filter)
                : database.bucket(bucket).history().commits(range, filter));
    assertThat(found)
        .as("%s: %s %s %s", seed, bucket, range, filter)
        .isEqualTo(
            expected.stream()
                .map(
                    made ->
                        new Commit(
                            made.first(),
                            made.last(),
                            made.kind(),
                            made.time(),
                            new Attribution(made.author(), made.message()),
                            made.changes()))
                .toList());
    List<Long> changes =
        all(
                database
                    .activity()
                    .read(SequenceRange.all(), new ActivityFilter(null, filter, false, false)))
            .stream()
            .map(Change::sequence)
            .toList();
    List<Long> expectedChanges = new ArrayList<>();
    for (PastModel.Made made : model.commits) {
      for (long at = made.first(); made.changes() > 0 && at <= made.last(); at++) {
        if (passes(made, filter)) {
          expectedChanges.add(at);
        }
      }
    }
    assertThat(changes).as("%s: %s", seed, filter).isEqualTo(expectedChanges);
  }

  private static boolean passes(PastModel.Made made, CommitFilter filter) {
    return (filter.author() == null || filter.author().equals(made.author()))
        && (filter.message() == null
            || made.message() != null && made.message().endsWith(filter.message().substring(9)))
        && (filter.kind() == null || filter.kind() == made.kind())
        && (filter.from() == null || !made.time().isBefore(filter.from()))
        && (filter.until() == null || made.time().isBefore(filter.until()));
  }

  private static Instant commitTime(PastModel model, Random random) {
    return model
        .commits
        .get(random.nextInt(model.commits.size()))
        .time()
        .plusMillis(random.nextInt(3) - 1);
  }

  private static void checkTime(Seed seed, PastModel model, Database database, Random random) {
    Instant time = commitTime(model, random);
    long expected = 0;
    for (PastModel.Made made : model.commits) {
      if (!made.time().isAfter(time)) {
        expected = made.last();
      }
    }
    if (expected == 0) {
      assertThatThrownBy(() -> database.resolve(Moment.of(time)))
          .isInstanceOf(NotFoundException.class);
    } else if (!time.isAfter(model.commits.get(model.commits.size() - 1).time())) {
      assertThat(database.resolve(Moment.of(time))).as("%s: %s", seed, time).isEqualTo(expected);
    }
  }

  private static void checkDifferences(
      Seed seed, PastModel model, Bucket bucket, long from, Random random) {
    long to = random.nextInt((int) model.lastSequence() + 1);
    Map<String, Body> expected = model.bodiesAt(bucket.name(), to);
    Map<String, Body> state = new TreeMap<>(PastModel.ORDER);
    state.putAll(model.bodiesAt(bucket.name(), from));
    Map<Kind, List<String>> told = new HashMap<>();
    ALL.forEach(kind -> told.put(kind, new ArrayList<>()));
    List<Difference> differences =
        all(bucket.history().differences(Moment.of(from), Moment.of(to), ALL, true));
    assertThat(differences)
        .extracting(Difference::id)
        .isSortedAccordingTo(PastModel.ORDER)
        .doesNotHaveDuplicates();
    for (Difference difference : differences) {
      told.get(difference.kind()).add(difference.id());
      Document before = difference.before();
      Document after = difference.after();
      assertThat(state.get(difference.id())).isEqualTo(before == null ? null : before.body());
      if (after == null) {
        state.remove(difference.id());
      } else if (before == null) {
        state.put(difference.id(), after.body());
      } else {
        ArrayNode patch = Objects.requireNonNull(difference.patch());
        state.put(difference.id(), after.body());
        assertThat(patched(before.body(), patch))
            .as("%s: %s with %s", seed, before.body(), patch)
            .isEqualTo(exact(after.body()));
      }
    }
    assertThat(new LinkedHashMap<>(state))
        .as("%s: %s from %d to %d", seed, bucket.name(), from, to)
        .isEqualTo(expected);
    for (Kind kind : Kind.values()) {
      assertThat(
              all(
                  bucket
                      .history()
                      .differences(Moment.of(from), Moment.of(to), EnumSet.of(kind), false)))
          .extracting(Difference::id)
          .isEqualTo(told.get(kind));
    }
  }

  private static void checkPatch(
      Seed seed, PastModel model, Bucket bucket, long from, Random random) {
    String id = id(random);
    long to = 1 + random.nextInt((int) model.lastSequence());
    Document before = live(model.at(bucket.name(), id, from));
    Document after = live(model.at(bucket.name(), id, to));
    if (before == null && after == null) {
      assertThatThrownBy(() -> bucket.history().patch(id, Moment.of(from), Moment.of(to)))
          .isInstanceOf(NotFoundException.class);
      return;
    }
    ArrayNode patch = bucket.history().patch(id, Moment.of(from), Moment.of(to));
    if (before != null && after != null) {
      assertThat(patched(before.body(), patch))
          .as("%s: %s to %s with %s", seed, before.body(), after.body(), patch)
          .isEqualTo(exact(after.body()));
    } else {
      assertThat(patch).hasSize(1);
      assertThat(patch.get(0).path("op").asText()).isEqualTo(before == null ? "add" : "remove");
      assertThat(patch.get(0).path("path").asText("x")).isEmpty();
    }
  }

  private static @Nullable Document live(@Nullable Document document) {
    return document == null || document.deleted() ? null : document;
  }

  private static JsonNode exact(Body body) {
    return ExactTree.readComparingTexts(body.json());
  }

  private static JsonNode patched(Body body, ArrayNode patch) {
    // What is sent is text; it is read again as whoever receives it would.
    JsonNode sent = ExactTree.readComparingTexts(patch.toString().getBytes(StandardCharsets.UTF_8));
    return JsonPatch.apply(sent, exact(body));
  }

  private static void checkBlame(
      Seed seed, PastModel model, Bucket bucket, long sequence, Random random) {
    String id = id(random);
    Document state = model.at(bucket.name(), id, sequence);
    Optional<Blame> found = bucket.history().blame(id, Moment.of(sequence));
    assertThat(found.isPresent()).isEqualTo(state != null);
    if (state == null) {
      return;
    }
    PastModel.Life life = Objects.requireNonNull(model.lifeAt(bucket.name(), sequence));
    Map<Revision, Change> changes = new HashMap<>();
    all(bucket.activity().read(SequenceRange.all(), ActivityFilter.of(id).withBodies())).stream()
        .filter(change -> change.sequence() >= life.created)
        .filter(change -> life.dropped == 0 || change.sequence() < life.dropped)
        .forEach(change -> changes.put(change.revision(), change));
    List<Blame.Member> expected = new ArrayList<>();
    for (JsonText.Member member : JsonText.parse(state.body().json()).members()) {
      Change at = Objects.requireNonNull(changes.get(state.revision()));
      Change parent = at.parent() == null ? null : changes.get(at.parent());
      while (parent != null && has(parent, member)) {
        at = parent;
        parent = at.parent() == null ? null : changes.get(at.parent());
      }
      expected.add(new Blame.Member(member.name(), at.revision(), at.sequence(), at.commit()));
    }
    assertThat(found.orElseThrow().document()).isEqualTo(state);
    assertThat(found.orElseThrow().members())
        .as("%s: %s/%s at %d", seed, bucket.name(), id, sequence)
        .isEqualTo(expected);
  }

  private static boolean has(Change change, JsonText.Member member) {
    Body body = Objects.requireNonNull(change.body());
    return JsonText.parse(body.json()).members().stream()
        .anyMatch(
            other ->
                other.name().equals(member.name()) && Arrays.equals(other.value(), member.value()));
  }

  @Test
  void whatIsNotThereIsAnUnknownTarget() {
    Clock clock = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
    try (Database database = Use.memory(folder).clock(clock).open()) {
      History history = database.bucket(B).history();
      assertUnknown(() -> database.resolve(Moment.of(1)));
      assertUnknown(() -> database.resolve(Moment.of(clock.instant())));
      done(database, put(B, "a", "{}"));
      assertThat(database.resolve(Moment.of(1))).isEqualTo(1);
      assertThat(database.resolve(Moment.present())).isEqualTo(1);
      assertThat(database.resolve(Moment.of(clock.instant()))).isEqualTo(1);
      assertUnknown(() -> database.resolve(Moment.of(0)));
      assertUnknown(() -> database.resolve(Moment.of(2)));
      assertUnknown(() -> database.resolve(Moment.of(clock.instant().plusNanos(1))));
      assertUnknown(() -> database.resolve(Moment.of(clock.instant().minusNanos(1))));
      Revision never = Revision.parse("1-00000000000000000000000000000000");
      assertUnknown(() -> history.patch("a", Moment.of(never), Moment.present()));
      assertUnknown(() -> history.blame("a", Moment.of(9)));
      assertUnknown(() -> history.differences(Moment.of(1), Moment.of(2), ALL, true));
      assertThatThrownBy(() -> database.resolve(Moment.of(never)))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(all(history.differences(Moment.of(0), Moment.present(), ALL, true))).hasSize(1);
    }
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            NotFoundException.class, e -> assertThat(e.code()).isEqualTo("unknown-target"));
  }

  @Test
  void treeShowsWinnerConflictsAndStubs() {
    try (Database database = Use.memory(folder).open()) {
      Revision first = new Revision(1, 1, 1);
      Revision second = new Revision(2, 1, 1);
      Revision other = new Revision(2, 2, 2);
      Revision stub = new Revision(1, 9, 9);
      await(
          database.commit(Use.replicated(List.of(Use.insert(B, "a", "{\"v\":1}", second, first)))));
      await(database.commit(Use.replicated(List.of(Use.insert(B, "a", "{\"v\":2}", other, stub)))));
      DocumentTree tree = database.bucket(B).history().tree("a").orElseThrow();
      assertThat(tree.winner()).isEqualTo(other);
      assertThat(tree.deleted()).isFalse();
      assertThat(tree.conflicts()).containsExactly(second);
      assertThat(tree.revisions())
          .containsExactly(
              new DocumentTree.KnownRevision(other, stub, 2, false, true),
              new DocumentTree.KnownRevision(second, first, 1, false, true),
              new DocumentTree.KnownRevision(stub, null, 0, false, false),
              new DocumentTree.KnownRevision(first, null, 0, false, false));
      assertThat(database.bucket(B).history().tree("b")).isEmpty();
      assertThat(database.bucket("none").history().tree("b")).isEmpty();
    }
  }

  @Test
  void earlierLifeOfABucketIsShownAtItsTime() {
    try (Database database = Use.memory(folder).open()) {
      done(database, put(B, "a", "{\"life\":1}"));
      await(database.dropBucket(B, NOBODY));
      done(database, put(B, "a", "{\"life\":2}"), put(B, "b", "{}"));
      Bucket bucket = database.bucket(B);
      assertThat(bodies(bucket, 1)).containsExactly("{\"life\":1}");
      assertThat(bucket.existedAt(2)).isFalse();
      assertThat(bodies(bucket, 2)).isEmpty();
      assertThat(bodies(bucket, 4)).containsExactly("{\"life\":2}", "{}");
      assertThat(all(bucket.history().differences(Moment.of(1), Moment.of(4), ALL, true)))
          .extracting(Difference::kind)
          .containsExactly(Kind.UPDATED, Kind.CREATED);
      await(database.dropBucket(B, NOBODY));
      assertThat(bodies(bucket, 4)).containsExactly("{\"life\":2}", "{}");
      assertThat(all(bucket.history().commits(SequenceRange.all(), CommitFilter.none())))
          .extracting(Commit::kind)
          .containsExactly(
              CommitKind.WRITE,
              CommitKind.BUCKET_DROPPED,
              CommitKind.WRITE,
              CommitKind.BUCKET_DROPPED);
    }
  }

  private static List<String> bodies(Bucket bucket, long sequence) {
    return all(bucket.documents(DocumentRange.all().at(sequence))).stream()
        .map(document -> document.body().toString())
        .toList();
  }

  @Test
  void longArraysThatHaveNothingInCommonAreReplaced() {
    StringBuilder one = new StringBuilder("{\"list\":[0");
    StringBuilder other = new StringBuilder("{\"list\":[-1");
    for (int i = 1; i < 50_000; i++) {
      one.append(',').append(i);
      other.append(',').append(-i - 1);
    }
    try (Database database = Use.memory(folder).open()) {
      done(database, put(B, "a", one.append("],\"x\":1}").toString()));
      done(database, put(B, "a", other.append("],\"x\":2}").toString()));
      ArrayNode patch = database.bucket(B).history().patch("a", Moment.of(1), Moment.of(2));
      assertThat(patch).hasSize(2);
      assertThat(patch.get(0).path("path").asText()).isEqualTo("/x");
      assertThat(patch.get(1).path("path").asText()).isEqualTo("/list");
      assertThat(patched(Body.parse(one.toString()), patch))
          .isEqualTo(exact(Body.parse(other.toString())));
    }
  }

  @Test
  void definitionsOfQueriesAreNoDocumentsOfTheBucket() {
    try (Database database = Use.memory(folder).open()) {
      await(
          database
              .bucket(B)
              .queries()
              .define(
                  "q",
                  JsonNodeFactory.instance.objectNode().put("type", "probe").put("field", "f"),
                  new Attribution("ann", "as asked")));
      History history = database.bucket(B).history();
      assertThat(all(history.differences(Moment.of(0), Moment.present(), ALL, true))).isEmpty();
      assertThat(all(history.commits(SequenceRange.all(), CommitFilter.none())))
          .extracting(Commit::attribution)
          .containsExactly(new Attribution("ann", "as asked"));
    }
  }

  @Test
  void deletedDocumentHasNoMembersToBlame() {
    try (Database database = Use.memory(folder).open()) {
      Attribution ann = new Attribution("ann", null);
      await(database.commit(CommitRequest.write(List.of(put(B, "a", "{\"x\":1,\"y\":1}")), ann)));
      done(database, delete(B, "a"));
      done(database, put(B, "a", "{\"y\":1,\"x\":1}"));
      History history = database.bucket(B).history();
      assertThat(history.blame("a", Moment.of(2)).orElseThrow().members()).isEmpty();
      assertThat(history.blame("a", Moment.present()).orElseThrow().members())
          .extracting(Blame.Member::name, Blame.Member::sequence)
          .containsExactly(tuple("y", 3L), tuple("x", 3L));
      assertThat(history.blame("a", Moment.of(1)).orElseThrow().members())
          .extracting(member -> member.commit().attribution())
          .containsOnly(ann);
    }
  }

  @Test
  void unfitAttributionIsRefusedOnEveryWayToWrite() {
    Attribution unfit = new Attribution("a\nb", null);
    try (Database database = Use.memory(folder).open()) {
      Bucket bucket = database.bucket(B);
      assertUnfit(Use.failure(bucket.put("a", Base.any(), Body.EMPTY, unfit)));
      assertUnfit(Use.failure(bucket.delete("a", Base.any(), unfit)));
      assertUnfit(
          Use.failure(database.commit(CommitRequest.write(List.of(put(B, "a", "{}")), unfit))));
      assertUnfit(Use.failure(database.createBucket(B, unfit)));
      assertUnfit(Use.failure(database.dropBucket(B, unfit)));
      JsonNodeFactory nodes = JsonNodeFactory.instance;
      assertUnfit(
          Use.failure(
              bucket
                  .queries()
                  .define("q", nodes.objectNode().put("type", "probe").put("field", "f"), unfit)));
      assertThat(database.since().value()).isZero();
    }
  }

  private static void assertUnfit(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.code()).isEqualTo("invalid-attribution"));
  }

  @Test
  void fewChangesAmongManyAreToldAsManyAre() {
    try (Database database = Use.memory(folder).open()) {
      List<Edit> edits = new ArrayList<>();
      for (int i = 0; i < 25_000; i++) {
        edits.add(put(B, "d" + i, "{\"v\":1}"));
      }
      await(database.commit(CommitRequest.write(edits, NOBODY)));
      long few =
          done(database, delete(B, "d7"), put(B, "d70", "{\"v\":2}"), put(B, "d!", "{}"))
              .sequence();
      edits.clear();
      for (int i = 0; i < 10_001; i++) {
        edits.add(put(B, "d" + i, "{\"v\":3}"));
      }
      long many =
          await(database.commit(CommitRequest.write(edits, NOBODY))) instanceof Committed committed
              ? committed.sequence()
              : 0;
      History history = database.bucket(B).history();
      assertThat(told(history, 25_000, few))
          .containsExactly("d! CREATED", "d7 DELETED", "d70 UPDATED");
      assertThat(told(history, few, 25_000))
          .containsExactly("d! DELETED", "d7 CREATED", "d70 UPDATED");
      assertThat(told(history, few, many)).hasSize(10_001).contains("d7 CREATED", "d70 UPDATED");
      assertThat(told(history, 25_000, many)).hasSize(10_002).contains("d7 UPDATED", "d! CREATED");
    }
  }

  private static List<String> told(History history, long from, long to) {
    return all(history.differences(Moment.of(from), Moment.of(to), ALL, false)).stream()
        .map(difference -> difference.id() + " " + difference.kind())
        .toList();
  }
}
