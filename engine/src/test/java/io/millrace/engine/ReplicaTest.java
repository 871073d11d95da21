package io.millrace.engine;

import static io.millrace.engine.Pulled.pull;
import static io.millrace.engine.Pulled.replica;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static io.millrace.engine.Use.insert;
import static io.millrace.engine.Use.made;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.CommitFilter;
import io.millrace.api.Database;
import io.millrace.api.Retention;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.DocumentTree;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Origin;
import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.maintenance.Restore;
import io.millrace.engine.replication.Anchor;
import io.millrace.engine.replication.OfferedDocument;
import io.millrace.engine.replication.OfferedDocument.Offered;
import io.millrace.engine.replication.PullCheckpoint;
import io.millrace.engine.replication.Replica.Answer;
import io.millrace.engine.replication.Replica.Changes;
import io.millrace.engine.replication.Selection;
import io.millrace.engine.replication.Sent;
import io.millrace.engine.replication.Wanted;
import io.millrace.engine.revision.RevisionDigest;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a database gives to its peers and takes from them. */
@ExtendWith(NothingLeftBehind.class)
class ReplicaTest {
  private static final String B = "films";
  private static final Selection FULL = new Selection(List.of(), true);
  private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06.789Z");

  @TempDir Path folder;

  private Database open(String name) {
    return Use.memory(folder.resolve(name)).open();
  }

  private static Changes changes(Database database, long after, int limit) {
    return await(replica(database).changes(after, Selection.ALL, limit));
  }

  private static List<String> ids(Changes changes) {
    return changes.documents().stream().map(OfferedDocument::id).toList();
  }

  /** Everything of a document that two databases must agree on. */
  private static Map<String, Object> leaves(Database database, String... buckets) {
    Map<String, Object> all = new TreeMap<>();
    for (String bucket : buckets) {
      for (OfferedDocument document : offers(database, new Selection(List.of(bucket), false))) {
        if (document.id().startsWith("_")) {
          // A definition, which is not read as a document.
          all.put(bucket + "/" + document.id(), revisions(document));
          continue;
        }
        Document winner = database.bucket(bucket).findWithConflicts(document.id()).orElseThrow();
        Map<Revision, String> bodies = new TreeMap<>();
        for (Offered leaf : document.revisions()) {
          Document found =
              database.bucket(bucket).find(document.id(), leaf.revision()).orElseThrow();
          bodies.put(leaf.revision(), found.body() + (found.deleted() ? " deleted" : ""));
        }
        all.put(
            bucket + "/" + document.id(),
            List.of(winner.revision(), winner.deleted(), winner.conflicts(), bodies));
      }
    }
    return all;
  }

  private static List<Revision> revisions(OfferedDocument document) {
    return document.revisions().stream().map(Offered::revision).toList();
  }

  private static List<OfferedDocument> offers(Database database, Selection selection) {
    List<OfferedDocument> all = new ArrayList<>();
    long after = 0;
    while (after < database.since().value()) {
      Changes changes = await(replica(database).changes(after, selection, 7));
      assertThat(changes.to()).isGreaterThan(after);
      all.addAll(changes.documents());
      after = changes.to();
    }
    return all;
  }

  private static List<Commit> commits(Database database) {
    return Use.all(database.commits(SequenceRange.all(), CommitFilter.none()));
  }

  @Test
  void leavesTombstonesConflictsAndDefinitionsTravel() {
    try (Database from = open("from");
        Database to = open("to")) {
      made(from, put(B, "alien", "{\"n\":1}"));
      Revision two = made(from, put(B, "alien", "{\"n\":2}"));
      pull(from, to);
      Revision here = made(to, put(B, "alien", "{\"by\":\"to\"}"));
      Revision there = made(from, put(B, "alien", "{\"by\":\"from\"}"));
      done(from, put(B, "brazil", "{}"));
      done(from, delete(B, "brazil"));
      await(
          from.bucket(B)
              .queries()
              .define(
                  "all", Body.parse("{\"type\":\"probe\",\"field\":\"n\"}").tree(), Use.NOBODY));
      done(from, put("other", "x", "{\"n\":1.50}"));
      pull(from, to);
      pull(to, from);
      assertThat(leaves(to, B, "other")).isEqualTo(leaves(from, B, "other")).hasSize(4);
      Document alien = to.bucket(B).findWithConflicts("alien").orElseThrow();
      assertThat(alien.conflicts()).hasSize(1);
      assertThat(List.of(alien.revision(), alien.conflicts().get(0)))
          .containsExactlyInAnyOrder(here, there);
      assertThat(to.bucket(B).history().tree("alien").orElseThrow().revisions())
          .extracting(DocumentTree.KnownRevision::parent)
          .startsWith(two, two);
      assertThat(to.bucket(B).find("brazil").orElseThrow().deleted()).isTrue();
      assertThat(to.bucket(B).queries().list()).hasSize(1);
      assertThat(to.bucket("other").get("x").orElseThrow().body()).hasToString("{\"n\":1.50}");
      assertThat(pull(from, to)).isEmpty();
      assertThat(pull(to, from)).isEmpty();
    }
  }

  @Test
  void authorMessageAndOriginTravelAndStay() {
    Clock past = Clock.fixed(LONG_AGO, ZoneOffset.UTC);
    try (Database one = Use.memory(folder.resolve("one")).clock(past).open();
        Database two = open("two");
        Database three = open("three")) {
      Attribution who = new Attribution("Ann", "a reason");
      await(one.commit(CommitRequest.write(List.of(put(B, "a", "{}"), put(B, "b", "{}")), who)));
      pull(one, two);
      pull(two, three);
      List<Commit> commits = commits(three);
      assertThat(commits).hasSize(1);
      assertThat(commits.get(0).kind()).isEqualTo(CommitKind.REPLICATED);
      assertThat(commits.get(0).changes()).isEqualTo(2);
      assertThat(commits.get(0).time()).isAfter(LONG_AGO);
      assertThat(commits.get(0).attribution())
          .isEqualTo(new Attribution("Ann", "a reason", new Origin(one.uuid(), LONG_AGO)));
    }
  }

  @Test
  void aDocumentIsOfferedOnceWhereItChangedLast() {
    try (Database database = open("one")) {
      done(database, put(B, "a", "{\"n\":1}"));
      done(database, put(B, "b", "{\"n\":1}"));
      Revision second = made(database, put(B, "a", "{\"n\":2}"));
      assertThat(ids(changes(database, 0, 100))).containsExactly("b", "a");
      assertThat(changes(database, 2, 100).documents())
          .containsExactly(new OfferedDocument(B, "a", List.of(new Offered(second, 3))));
      assertThat(changes(database, 3, 100).documents()).isEmpty();
      assertThat(changes(database, 3, 100).to()).isEqualTo(3);
      Changes first = changes(database, 0, 1);
      assertThat(ids(first)).containsExactly("b");
      assertThat(first.to()).isEqualTo(2);
    }
  }

  @Test
  void fullHistoryShowsWhatTheSourceShows() {
    try (Database from = open("from");
        Database to = open("to")) {
      List<Revision> made = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        made.add(made(from, put(B, "a", "{\"n\":" + i + "}")));
      }
      pull(from, to);
      assertThat(to.bucket(B).find("a", made.get(4))).isEmpty();
      assertThat(pull(from, to, FULL, 2, 1)).hasSize(8);
      for (int i = 0; i < 9; i++) {
        assertThat(to.bucket(B).find("a", made.get(i)).orElseThrow().body())
            .hasToString("{\"n\":" + i + "}");
      }
      assertThat(to.bucket(B).findWithConflicts("a").orElseThrow().conflicts()).isEmpty();
      assertThat(to.bucket(B).history().tree("a").orElseThrow().revisions())
          .extracting(DocumentTree.KnownRevision::revision)
          .containsExactlyInAnyOrderElementsOf(made);
      assertThat(pull(from, to, FULL)).isEmpty();
    }
  }

  @Test
  void anchorsAreTheEndsOfCommits() {
    try (Database database = open("one");
        Database other = open("two")) {
      List<Anchor> firsts = new ArrayList<>();
      for (Database each : List.of(database, other)) {
        done(each, put(B, "x", "{\"by\":\"" + each.uuid() + "\"}"));
        firsts.add(changes(each, 0, 1).anchor());
        List<Edit> bulk = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          bulk.add(put(B, "d" + i, "{}"));
        }
        await(each.commit(CommitRequest.write(bulk, Use.NOBODY)));
      }
      Anchor first = firsts.get(0);
      assertThat(first.sequence()).isEqualTo(1);
      Changes within = changes(database, 0, 10);
      assertThat(within.to()).isEqualTo(10);
      Anchor last = changes(database, 10, 100).anchor();
      assertThat(last.sequence()).isEqualTo(31);
      assertThat(within.anchor()).isEqualTo(last);
      assertThat(last.digest()).isEqualTo(database.verify(1, 31, null).digest());
      done(database, put(B, "y", "{}"));
      assertThat(changes(database, 30, 1).anchor().sequence()).isEqualTo(32);
      for (Anchor known : List.of(Anchor.START, first, last, changes(database, 31, 1).anchor())) {
        assertThat(await(replica(database).recognises(known))).as("%s", known).isTrue();
        assertThat(await(replica(other).recognises(known)))
            .as("%s", known)
            .isEqualTo(known.equals(Anchor.START));
      }
      for (Anchor unknown :
          List.of(
              new Anchor(10, first.digest()),
              new Anchor(30, last.digest()),
              new Anchor(31, first.digest()),
              new Anchor(0, first.digest()),
              new Anchor(33, CommitDigest.NONE),
              new Anchor(-1, CommitDigest.NONE))) {
        assertThat(await(replica(database).recognises(unknown))).as("%s", unknown).isFalse();
      }
      assertThat(((MillraceException) failure(replica(database).changes(33, FULL, 1))).code())
          .isEqualTo("unknown-history");
    }
  }

  @Test
  void manyRecordsWithoutAnOfferLetThePositionMoveOn() {
    try (Database database = open("one")) {
      List<Edit> bulk = new ArrayList<>();
      for (int i = 0; i < 25_000; i++) {
        bulk.add(put("unselected", "d" + i, "{}"));
      }
      await(database.commit(CommitRequest.write(bulk, Use.NOBODY)));
      Selection selection = new Selection(List.of("fi*s"), false);
      Changes none = await(replica(database).changes(0, selection, 10));
      assertThat(none.documents()).isEmpty();
      assertThat(none.to()).isBetween(1_000L, 24_999L);
      assertThat(none.anchor().sequence()).isEqualTo(25_000);
      done(database, put(B, "a", "{}"));
      assertThat(offers(database, selection)).extracting(OfferedDocument::id).containsExactly("a");
    }
  }

  @Test
  void whatIsDroppedUnselectedOrPurgedIsNeitherOfferedNorRead() {
    Path data = folder.resolve("kept");
    // Its log cannot forget, so the purged records stay where they are.
    try (Database database = Use.kept(data).open()) {
      Revision dropped = made(database, put("gone", "a", "{\"n\":1}"));
      Revision unselected = made(database, put("other", "a", "{\"n\":2}"));
      Revision purged = made(database, put(B, "secret", "{\"n\":3}"));
      Revision present = made(database, put(B, "plain", "{\"n\":4}"));
      await(database.dropBucket("gone", Use.NOBODY));
      await(database.bucket(B).purge(List.of("secret"), Use.NOBODY));
      for (boolean full : List.of(false, true)) {
        Selection selection = new Selection(List.of(B, "gone"), full);
        assertThat(offers(database, selection))
            .containsExactly(new OfferedDocument(B, "plain", List.of(new Offered(present, 4))));
        List<Wanted> wanted =
            List.of(
                new Wanted(1, dropped, List.of()),
                new Wanted(2, unselected, List.of()),
                new Wanted(3, purged, List.of()),
                new Wanted(4, purged, List.of()),
                new Wanted(99, present, List.of()),
                new Wanted(0, present, List.of()),
                new Wanted(4, present, List.of()));
        Answer answer = await(replica(database).read(wanted, selection, 1));
        assertThat(answer.answered()).isEqualTo(7);
        assertThat(answer.sent()).extracting(Sent::id).containsExactly("plain");
      }
      Revision again = made(database, put(B, "secret", "{\"n\":5}"));
      assertThat(offers(database, FULL))
          .extracting(offer -> offer.revisions().get(0).revision())
          .containsExactly(unselected, present, again);
    }
  }

  @Test
  void bodiesThatWereForgottenAreNeitherOfferedNorRead() {
    try (Database from = Folders.segmented(folder.resolve("data")).compactionInterval(null).open();
        Database to = open("to")) {
      List<Revision> made = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        made.add(made(from, put(B, "a", "{\"n\":\"" + "x".repeat(200) + i + "\"}")));
      }
      await(from.bucket(B).retain(new Retention(1, null), Use.NOBODY));
      from.compact();
      Use.await(
          "compaction",
          () -> from.tasks().stream().noneMatch(task -> task.kind().equals("compaction")));
      Wanted gone = new Wanted(1, made.get(0), List.of());
      Wanted present = new Wanted(200, made.get(199), List.of());
      Answer answer = await(replica(from).read(List.of(gone, present), FULL, 1 << 20));
      assertThat(answer.answered()).isEqualTo(2);
      assertThat(answer.sent()).extracting(Sent::sequence).containsExactly(200L);
      assertThat(offers(from, FULL))
          .flatExtracting(OfferedDocument::revisions)
          .extracting(Offered::sequence)
          .doesNotContain(1L)
          .contains(200L);
      pull(from, to, FULL);
      assertThat(to.bucket(B).get("a").orElseThrow().revision()).isEqualTo(made.get(199));
      // What to forget is each server's own affair.
      assertThat(to.bucket(B).retention()).isEmpty();
      assertThat(offers(from, Selection.ALL)).extracting(OfferedDocument::id).containsExactly("a");
      List<Offered> rule = List.of(new Offered(made.get(0), 1));
      List<OfferedDocument> offer = List.of(new OfferedDocument(B, "_retention", rule));
      assertThat(await(replica(to).missing(offer, Selection.ALL))).isEmpty();
    }
  }

  @Test
  void readingEndsWhenTheRoomIsTaken() {
    try (Database database = open("one")) {
      List<Wanted> wanted = new ArrayList<>();
      String text = "x".repeat(1_000);
      for (int i = 0; i < 20; i++) {
        Revision revision = made(database, put(B, "d" + i, "{\"t\":\"" + text + i + "\"}"));
        wanted.add(new Wanted(i + 1, revision, List.of()));
      }
      Answer one = await(replica(database).read(wanted, Selection.ALL, 1));
      assertThat(one.sent()).hasSize(1);
      assertThat(one.answered()).isEqualTo(1);
      Answer some = await(replica(database).read(wanted, Selection.ALL, 5_000));
      assertThat(some.sent()).hasSize(4);
      assertThat(some.answered()).isEqualTo(4);
      assertThat(await(replica(database).read(wanted, Selection.ALL, 1 << 20)).sent()).hasSize(20);
    }
  }

  @Test
  void ancestryIsSentAsFarAsItIsNotKnown() {
    try (Database database = open("one");
        Database other = open("two")) {
      List<Revision> made = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        made.add(0, made(database, put(B, "a", "{\"n\":" + i + "}")));
      }
      assertThat(path(database, made.get(0))).isEqualTo(made);
      assertThat(path(database, made.get(0), made.get(1))).isEqualTo(made.subList(0, 2));
      assertThat(path(database, made.get(0), new Revision(9, 9, 9), made.get(3)))
          .isEqualTo(made.subList(0, 4));
      pull(database, other);
      Revision next = made(other, put(B, "a", "{\"n\":7}"));
      List<Revision> longer = new ArrayList<>(made);
      longer.add(0, next);
      assertThat(path(other, next, made.get(5))).isEqualTo(longer);
      assertThat(path(other, made.get(0), made.get(5))).isEqualTo(made);
    }
  }

  private static List<Revision> path(Database database, Revision revision, Revision... known) {
    long sequence =
        database.bucket(B).history().tree("a").orElseThrow().revisions().stream()
            .filter(one -> one.revision().equals(revision))
            .findFirst()
            .orElseThrow()
            .sequence();
    List<Wanted> wanted = List.of(new Wanted(sequence, revision, List.of(known)));
    return await(replica(database).read(wanted, Selection.ALL, 1)).sent().get(0).path();
  }

  @Test
  void anAncestorKnownByNameIsMissingOfAFullHistoryAlone() {
    try (Database from = open("from");
        Database to = open("to")) {
      Revision one = made(from, put(B, "a", "{\"n\":1}"));
      Revision two = made(from, put(B, "a", "{\"n\":2}"));
      pull(from, to);
      List<OfferedDocument> offer =
          List.of(
              new OfferedDocument(
                  B,
                  "a",
                  List.of(
                      new Offered(one, 1),
                      new Offered(two, 2),
                      new Offered(new Revision(1, 7, 7), 3),
                      new Offered(new Revision(2, 7, 7), 4))),
              new OfferedDocument("new", "b", List.of(new Offered(one, 5))),
              new OfferedDocument(B, "b", List.of(new Offered(one, 6))));
      assertThat(await(replica(to).missing(offer, Selection.ALL)))
          .containsExactly(
              new Wanted(3, new Revision(1, 7, 7), List.of(two)),
              new Wanted(4, new Revision(2, 7, 7), List.of(two)),
              new Wanted(5, one, List.of()),
              new Wanted(6, one, List.of()));
      assertThat(await(replica(to).missing(offer, FULL)))
          .extracting(Wanted::sequence)
          .containsExactly(1L, 3L, 4L, 5L, 6L);
      assertThat(await(replica(to).missing(offer, new Selection(List.of("n*"), false))))
          .extracting(Wanted::sequence)
          .containsExactly(5L);
    }
  }

  private static Sent sent(String bucket, String id, String body, Attribution who) {
    byte[] json = body.getBytes(StandardCharsets.UTF_8);
    Revision revision = new RevisionDigest().next(null, false, json);
    return new Sent(7, bucket, id, List.of(revision), false, Body.ofCheckedJson(json), who);
  }

  private static Attribution by(long millis) {
    return new Attribution("Ann", null, new Origin(new UUID(1, 2), Instant.ofEpochMilli(millis)));
  }

  @Test
  void nothingIsInsertedUnlessEverythingIsWhatItsNameSays() {
    try (Database database = Use.memory(folder.resolve("one")).maxBodyBytes(1_024).open()) {
      Sent right = sent(B, "right", "{\"a\":1}", by(1));
      Revision revision = right.revision();
      Revision child = new RevisionDigest().next(revision, true, Body.EMPTY.json());
      Body body = right.body();
      List<Sent> wrong =
          List.of(
              sent("Films", "a", "{}", by(1)),
              sent(B, "", "{}", by(1)),
              sent(B, "a\u0000b", "{}", by(1)),
              sent(B, "__a", "{}", by(1)),
              sent(B, "a", "{\"a\": 1}", by(1)),
              sent(B, "a", "[1]", by(1)),
              sent(B, "a", "{\"_a\":1}", by(1)),
              sent(B, "a", "{\"a\":1,\"a\":2}", by(1)),
              sent(B, "a", "{", by(1)),
              sent(B, "a", "{}", new Attribution("a\nb", null, by(1).origin())),
              new Sent(7, B, "a", List.of(new Revision(1, 2, 3)), false, body, by(1)),
              new Sent(7, B, "a", List.of(revision), true, body, by(1)),
              new Sent(7, B, "a", List.of(child, revision), false, Body.EMPTY, by(1)),
              new Sent(7, B, "a", List.of(child, new Revision(1, 2, 3)), true, Body.EMPTY, by(1)),
              new Sent(7, B, "a", List.of(revision, child), false, body, by(1)));
      for (Sent one : wrong) {
        assertThat(failure(replica(database).insert(List.of(right, one))))
            .as("%s", one)
            .isInstanceOf(CorruptionException.class)
            .hasMessageContaining(one.revision() + " of a peer, there at 7");
      }
      Throwable tooLarge =
          failure(
              replica(database)
                  .insert(
                      List.of(right, sent(B, "a", "{\"a\":" + "1".repeat(1_020) + "}", by(1)))));
      assertThat(tooLarge)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("the document a of films")
          .hasMessageContaining("at most 1024");
      assertThat(database.since().value()).isZero();
      await(
          replica(database)
              .insert(
                  List.of(
                      right,
                      sent(B, "_query/x", "{\"type\":\"probe\"}", by(1)),
                      new Sent(7, B, "b", List.of(child, revision), true, Body.EMPTY, by(1)),
                      new Sent(7, B, "c", List.of(new Revision(5, 1, 1)), false, body, by(1)))));
      assertThat(database.since().value()).isEqualTo(4);
      assertThat(database.bucket(B).get("right").orElseThrow().body()).isEqualTo(body);
    }
  }

  @Test
  void revisionsOfOneAttributionAreOneCommitUnlessTheyAreOfOneDocument() {
    try (Database database = Use.memory(folder.resolve("one")).autoCreateBuckets(false).open()) {
      await(
          replica(database)
              .insert(
                  List.of(
                      sent(B, "a", "{\"n\":1}", by(1)),
                      sent(B, "b", "{\"n\":1}", by(2)),
                      sent("more", "a", "{\"n\":1}", by(1)),
                      sent(B, "a", "{\"n\":2}", by(1)),
                      sent(B, "b", "{\"n\":2}", by(1)))));
      List<Commit> commits = commits(database);
      assertThat(commits).extracting(Commit::changes).containsExactly(2, 1, 2);
      assertThat(commits).extracting(Commit::attribution).containsExactly(by(1), by(2), by(1));
      assertThat(commits).extracting(Commit::kind).containsOnly(CommitKind.REPLICATED);
      assertThat(database.bucket(B).findWithConflicts("a").orElseThrow().conflicts()).hasSize(1);
      assertThat(database.bucket(B).findWithConflicts("b").orElseThrow().conflicts()).hasSize(1);
    }
  }

  @Test
  void clientsHaveNoOrigin() {
    try (Database database = open("one")) {
      CommitRequest write = CommitRequest.write(List.of(put(B, "a", "{}")), by(1));
      assertThat(failure(database.commit(write))).isInstanceOf(InvalidRequestException.class);
      assertThat(failure(database.createBucket(B, by(1))))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(database.since().value()).isZero();
    }
  }

  @Test
  void aBucketThatComesBackMakesAnotherIncarnation() {
    Path data = folder.resolve("kept");
    PullCheckpoint between;
    try (Database to = open("to")) {
      try (Database from = Use.kept(data).open()) {
        done(from, put(B, "a", "{}"));
        await(from.dropBucket(B, Use.NOBODY));
        assertThat(pull(from, to)).isEmpty();
        between = replica(to).checkpoint(from.uuid(), Selection.ALL);
        assertThat(between.sequence()).isEqualTo(2);
        await(from.rollback(1, Use.NOBODY));
        assertThat(replica(from).incarnation()).isNotEqualTo(between.incarnation());
      }
      try (Database from = Use.kept(data).open()) {
        assertThat(replica(from).incarnation()).isNotEqualTo(between.incarnation());
        assertThat(pull(from, to)).extracting(Sent::id).containsExactly("a");
        assertThat(leaves(to, B)).isEqualTo(leaves(from, B)).hasSize(1);
      }
    }
  }

  private static PullCheckpoint checkpoint(Database database, long sequence) {
    Anchor anchor = changes(database, 0, 1_000).anchor();
    return new PullCheckpoint(replica(database).incarnation(), sequence, anchor);
  }

  @Test
  void checkpointsAreThereAgainAndTellSelectionsApart() {
    Path data = folder.resolve("kept");
    UUID source = new UUID(3, 4);
    Selection some = new Selection(List.of("b", "a*"), false);
    Selection same = new Selection(List.of("a*", "b"), false);
    PullCheckpoint one;
    PullCheckpoint two;
    try (Database database = Use.kept(data).open()) {
      done(database, put(B, "a", "{}"));
      one = checkpoint(database, 17);
      two = checkpoint(database, 18);
      assertThat(replica(database).checkpoint(source, some)).isNull();
      await(replica(database).saveCheckpoint(source, some, two));
      await(replica(database).saveCheckpoint(source, some, one));
      await(replica(database).saveCheckpoint(source, FULL, two));
      assertThat(replica(database).checkpoint(source, some)).isEqualTo(one);
    }
    try (Database database = Use.kept(data).open()) {
      assertThat(replica(database).checkpoint(source, same)).isEqualTo(one);
      assertThat(replica(database).checkpoint(source, FULL)).isEqualTo(two);
      assertThat(replica(database).checkpoint(source, Selection.ALL)).isNull();
      assertThat(replica(database).checkpoint(new UUID(3, 5), FULL)).isNull();
    }
  }

  @Test
  void checkpointsGoWithTheIndexTheyRestOn() {
    Path data = folder.resolve("kept");
    UUID source = new UUID(3, 4);
    try (Database database = Use.kept(data).open()) {
      done(database, put(B, "a", "{}"));
      done(database, put(B, "b", "{}"));
      await(replica(database).saveCheckpoint(source, FULL, checkpoint(database, 2)));
    }
    List<byte[]> records = KeptLogProvider.tape(data).records;
    records.remove(records.size() - 1);
    try (Database database = Use.kept(data).acceptLoss(true).open()) {
      assertThat(database.since().value()).isEqualTo(1);
      assertThat(replica(database).checkpoint(source, FULL)).isNull();
      await(replica(database).saveCheckpoint(source, FULL, checkpoint(database, 1)));
    }
    // The log of another database under the store of this one.
    Path other = folder.resolve("other");
    try (Database database = Use.kept(other).open()) {
      done(database, put(B, "z", "{}"));
      assertThat(replica(database).checkpoint(source, FULL)).isNull();
    }
    KeptLogProvider.exchange(data, other);
    try (Database database = Use.kept(data).open()) {
      assertThat(database.bucket(B).get("z")).isPresent();
      assertThat(replica(database).checkpoint(source, FULL)).isNull();
    }
  }

  @Test
  void aRestoredDatabaseGoesOnFromItsOwnCopy() {
    Path restored = folder.resolve("restored");
    try (Database source = open("source");
        Database data = Folders.segmented(folder.resolve("data")).open()) {
      for (int i = 0; i < 20; i++) {
        done(source, put(B, "d" + i, "{\"n\":" + i + "}"));
      }
      pull(source, data);
      data.backup(folder.resolve("backup"));
      done(source, put(B, "late", "{}"));
      pull(source, data);
      new Restore(Folders.workshop()).run(folder.resolve("backup"), restored);
      try (Database copy = Folders.segmented(restored).open()) {
        PullCheckpoint known = replica(copy).checkpoint(source.uuid(), Selection.ALL);
        assertThat(known.sequence()).isEqualTo(20);
        assertThat(pull(source, copy)).extracting(Sent::id).containsExactly("late");
        assertThat(leaves(copy, B)).isEqualTo(leaves(source, B));
        // Nothing of it is new to the one that it is a copy of, nor the other way round.
        assertThat(pull(copy, data)).isEmpty();
        assertThat(pull(data, copy)).isEmpty();
      }
      // The index of this one is built again, and has no memory of what was taken.
      Folders.remove(restored);
      new Restore(Folders.workshop()).run(folder.resolve("backup"), restored);
      Folders.remove(restored.resolve("store"));
      try (Database copy = Folders.segmented(restored).open()) {
        assertThat(replica(copy).checkpoint(source.uuid(), Selection.ALL)).isNull();
        assertThat(pull(source, copy)).extracting(Sent::id).containsExactly("late");
      }
    }
  }

  @Test
  void afterClosingEverythingIsRefused() {
    Database database = open("one");
    var replica = replica(database);
    database.close();
    assertThat(failure(replica.changes(0, Selection.ALL, 1)))
        .isInstanceOf(UnavailableException.class);
    assertThat(failure(replica.insert(List.of()))).isInstanceOf(UnavailableException.class);
  }

  /** Databases that write, delete and resolve, and take from one another now and then. */
  @Test
  void databasesThatTookFromOneAnotherAreEqual() {
    Seed seed = Seed.next();
    Random random = seed.random();
    for (int round = 0; round < 12; round++) {
      List<Database> all = new ArrayList<>();
      try {
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
          all.add(open("d" + round + "-" + i));
        }
        Selection selection = round % 3 == 2 ? FULL : Selection.ALL;
        for (int step = 0; step < 120; step++) {
          if (random.nextInt(6) == 0) {
            pullSome(all, random, selection);
          } else {
            write(all.get(random.nextInt(count)), random, step);
          }
        }
        for (int i = 0; i < count; i++) {
          for (int j = 0; j < count; j++) {
            pull(all.get(j), all.get((i + j) % count), selection, 1 + random.nextInt(20), 500);
          }
        }
        // A ring is enough for everything to reach everyone.
        for (int i = 0; i < 2 * count; i++) {
          pull(all.get(i % count), all.get((i + 1) % count), selection);
        }
        Map<String, Object> expected = leaves(all.get(0), B, "more");
        for (Database database : all) {
          assertThat(leaves(database, B, "more"))
              .as("%s, round %s", seed, round)
              .isEqualTo(expected);
          if (selection.fullHistory()) {
            assertThat(trees(database)).as("%s", seed).isEqualTo(trees(all.get(0)));
          }
        }
      } finally {
        all.forEach(Database::close);
      }
    }
  }

  private static List<Object> trees(Database database) {
    List<Object> trees = new ArrayList<>();
    for (String bucket : List.of(B, "more")) {
      for (int i = 0; i < 6; i++) {
        String id = "d" + i;
        database
            .bucket(bucket)
            .history()
            .tree(id)
            .ifPresent(
                tree ->
                    tree.revisions()
                        .forEach(
                            one ->
                                trees.add(
                                    Arrays.asList(
                                        bucket, id, one.revision(), one.parent(), one.leaf()))));
      }
    }
    return trees;
  }

  private static void pullSome(List<Database> all, Random random, Selection selection) {
    int from = random.nextInt(all.size());
    int to = (from + 1 + random.nextInt(all.size() - 1)) % all.size();
    pull(all.get(from), all.get(to), selection, 1 + random.nextInt(5), 200);
  }

  private static void write(Database database, Random random, int step) {
    String bucket = random.nextInt(4) == 0 ? "more" : B;
    String id = "d" + random.nextInt(6);
    Document present = database.bucket(bucket).findWithConflicts(id).orElse(null);
    if (present != null && !present.deleted() && random.nextInt(5) == 0) {
      done(database, delete(bucket, id));
    } else if (present != null && !present.conflicts().isEmpty() && random.nextBoolean()) {
      Revision loser = present.conflicts().get(0);
      done(database, new Edit.Delete(bucket, id, Base.of(loser)));
    } else {
      // Few bodies, so that the same edit is now and then made in several places.
      done(database, put(bucket, id, "{\"n\":" + (step % 4) + "}"));
    }
  }

  @Test
  void whatIsInsertedTwiceIsThereOnce() {
    try (Database database = open("one")) {
      List<Sent> sent = List.of(sent(B, "a", "{}", by(1)), sent(B, "b", "{}", by(1)));
      await(replica(database).insert(sent));
      await(replica(database).insert(sent));
      assertThat(database.since().value()).isEqualTo(2);
      done(database, insert(B, "a", "{}", sent.get(0).revision()));
      assertThat(database.since().value()).isEqualTo(2);
    }
  }
}
