package io.millrace.distribution;

import static io.millrace.api.sync.SyncedChange.del;
import static io.millrace.api.sync.SyncedChange.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.StartOverException;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import io.millrace.sync.HttpSyncServer;
import io.millrace.sync.IdRange;
import io.millrace.sync.SyncMode;
import io.millrace.sync.SyncReport;
import io.millrace.sync.SyncedDocuments;
import io.millrace.sync.SyncedDocuments.Found;
import io.millrace.sync.Synchronization;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that work offline, synced with the packaged server over HTTP. */
final class SyncIT {
  private static final String BUCKET = "/notes";
  private static final String CHANGES = BUCKET + "/_sync/changes";
  private static final String CHANGE = BUCKET + "/_sync/change";

  @TempDir Path folder;
  private ServerProcess server;

  @BeforeEach
  void start() {
    server = ServerProcess.on(folder.resolve("data")).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SyncedDocuments client(String name, String store) {
    return SyncedDocuments.in(folder.resolve(name))
        .mode(SyncMode.CLIENT)
        .store(store, Map.of())
        .open();
  }

  private HttpSyncServer remote() {
    return new HttpSyncServer(server.uri(BUCKET), server.client());
  }

  private SyncReport sync(SyncedDocuments client) {
    return Synchronization.of(client, remote())
        .pageSize(7)
        .as(new Attribution("ann", "from the train"))
        .run();
  }

  private static Body number(int n) {
    return Body.parse("{\"n\":" + n + ",\"exact\":1.50}");
  }

  /** What the server shows of a bucket to those who read it. */
  private List<Found> shown() {
    List<Found> found = new ArrayList<>();
    for (JsonNode line : Answer.lines(server.get(BUCKET + "/_export"), 200)) {
      String id = line.path("id").asText();
      ((ObjectNode) line).remove(List.of("id", "rev"));
      found.add(new Found(id, Body.parse(line.toString())));
    }
    return found;
  }

  private void assertAllEqual(SyncedDocuments... clients) {
    for (SyncedDocuments client : clients) {
      assertThat(client.keys(IdRange.all(), id -> true))
          .isEqualTo(shown().stream().map(Found::id).toList());
      assertThat(client.values(IdRange.all(), body -> true))
          .extracting(body -> body.tree().get("n").asInt())
          .isEqualTo(shown().stream().map(each -> each.body().tree().get("n").asInt()).toList());
      assertThat(client.dirty()).isEmpty();
    }
  }

  @Test
  void twoClientsThatWorkedOfflineAndTheServerComeTogether() {
    try (SyncedDocuments one = client("one", "rocksdb");
        SyncedDocuments other = client("other", "xodus")) {
      for (int i = 0; i < 40; i++) {
        one.put("one/" + i, number(i));
        other.put("other \u00e9\u4e2d\ud83c\udf4e " + i, number(i));
      }
      one.put("both", number(1));
      other.put("both", number(2));
      server.put(BUCKET + "/mine", "{\"n\":9}");
      assertThat(sync(one).pushed()).isEqualTo(41);
      SyncReport report = sync(other);
      assertThat(report.pulled()).isGreaterThanOrEqualTo(42);
      assertThat(report.pushed()).isEqualTo(40);
      sync(one);
      assertAllEqual(one, other);
      assertThat(one.query()).hasSize(82);
      assertThat(other.get("both")).contains(number(1));
      JsonNode commit =
          Answer.json(server.get(BUCKET + "/_log?reverse=true&limit=1"), 200).at("/commits/0");
      assertThat(commit.path("author").asText()).isEqualTo("ann");
      assertThat(commit.path("message").asText()).isEqualTo("from the train");

      server.delete(BUCKET + "/both?rev=" + revision("both"));
      one.del("one/1");
      other.put("both", number(3));
      other.put("one/1", number(3));
      sync(one);
      sync(other);
      sync(one);
      assertAllEqual(one, other);
      assertThat(other.get("both")).isEmpty();
      assertThat(other.get("one/1")).isEmpty();
    }
  }

  private String revision(String id) {
    return Answer.json(server.get(BUCKET + "/" + id), 200).path("rev").asText();
  }

  @Test
  void aServerThatIsNotThereLosesNothingAndIsTheSameAfterwards() {
    try (SyncedDocuments client = client("one", "leveldb")) {
      client.put("a", number(1));
      sync(client);
      String cid = client.cid();
      SyncServer gone = remote();
      server.kill();
      server.awaitExit();
      client.put("a", number(2));
      assertThatThrownBy(() -> Synchronization.of(client, gone).run())
          .isInstanceOf(UnavailableException.class);
      assertThat(client.dirty()).containsExactly(put("a", number(2)));
      server = ServerProcess.on(folder.resolve("data")).start();
      assertThat(remote().changes(cid, 10).changes()).isEmpty();
      SyncReport report = sync(client);
      assertThat(report.startedOver()).isFalse();
      assertThat(report.pushed()).isEqualTo(1);
      assertAllEqual(client);
    }
  }

  @Test
  void aDroppedBucketIsNoticedAndWhatWasNotSentGoesToTheNewOne() {
    try (SyncedDocuments client = client("one", "rocksdb")) {
      client.put("old", number(1));
      sync(client);
      client.put("kept", number(2));
      Answer.json(server.delete(BUCKET), 200);
      Answer.problem(server.get(CHANGES + "?cid=" + client.cid()), 410, "start-over");
      SyncReport report = sync(client);
      assertThat(report.startedOver()).isTrue();
      assertAllEqual(client);
      assertThat(client.query()).containsExactly(new Found("kept", number(2)));
      Answer.json(server.delete(BUCKET), 200);
      server.put(BUCKET + "/other", "{\"n\":7}");
      assertThat(sync(client).startedOver()).isTrue();
      assertAllEqual(client);
    }
  }

  @Test
  void whatTheServerRefusesIsNamedAndStaysWithTheClient() {
    server.close();
    server =
        ServerProcess.on(folder.resolve("data"))
            .with("millrace.documents.max-size", "1KiB")
            .start();
    try (SyncedDocuments client = client("one", "rocksdb")) {
      Body large = Body.parse("{\"n\":1,\"t\":\"" + "x".repeat(2_000) + "\"}");
      client.put("large", large);
      assertThatThrownBy(() -> sync(client))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.code()).isEqualTo("document-too-large"))
          .hasMessageContaining("document large");
      assertThat(client.dirty()).containsExactly(put("large", large));
      client.del("large");
      sync(client);
      assertThat(client.query()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1", "-1", "1-xyz", "%20", "1-0123456789ABCDEF"})
  void whatIsNoCidIsRefused(String cid) {
    server.put(BUCKET + "/a", "{}");
    Answer.problem(server.get(CHANGES + "?cid=" + cid), 400, "invalid-cid");
    Answer.problem(
        server.post(CHANGE, "{\"cid\":\"" + cid + "\",\"changes\":[]}"), 400, "invalid-cid");
  }

  @Test
  void cidsOfAnotherBucketOrOfNoneAreTold() {
    server.put(BUCKET + "/a", "{}");
    server.put("/second/a", "{}");
    String cid = Answer.json(server.get("/second/_sync/changes"), 200).path("cid").asText();
    Answer.problem(server.get(CHANGES + "?cid=" + cid), 410, "start-over");
    Answer.problem(
        server.post(CHANGE, "{\"cid\":\"" + cid + "\",\"changes\":[]}"), 410, "start-over");
    Answer.problem(server.get(CHANGES + "?cid=99999-0123456789abcdef"), 410, "start-over");
    Answer.problem(server.get("/nowhere/_sync/changes"), 404, "bucket-missing");
    Answer.problem(server.get("/nowhere/_sync/changes?cid=" + cid), 410, "start-over");
    assertThatThrownBy(() -> remote().changes(cid, 1)).isInstanceOf(StartOverException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | 422 | not-processable",
        "{} | 422 | not-processable",
        "{\"cid\":0,\"changes\":[]} | 422 | not-processable",
        "{\"cid\":\"0\",\"changes\":{}} | 422 | not-processable",
        "{\"cid\":\"0\",\"changes\":[],\"x\":1} | 422 | not-processable",
        "{\"cid\":\"0\",\"changes\":[1]} | 422 | not-processable",
        "{\"cid\":\"0\",\"changes\":[{\"type\":\"put\",\"id\":\"a\"}]} | 422 | not-processable",
        "{\"cid\":\"0\",\"changes\":[{\"type\":\"del\",\"id\":\"a\",\"value\":{}}]} | 422 | not-processable",
        "{\"cid\":\"0\",\"changes\":[{\"type\":\"x\",\"id\":\"a\"}]} | 422 | not-processable",
        "{\"cid\":\"0\",\"changes\":[{\"type\":\"del\",\"id\":\"_a\"}]} | 400 | invalid-id",
        "{\"cid\":\"0\",\"changes\":[{\"type\":\"put\",\"id\":\"a\",\"value\":[]}]} | 422 | not-an-object",
        "{\"cid\":\"0\",\"changes\":[{\"type\":\"put\",\"id\":\"a\",\"value\":{\"_x\":1}}]} | 422 | reserved-member",
        "{\"cid\":\"0\",\"changes\":[{\"type\":\"del\",\"id\":\"a\"},{\"type\":\"del\",\"id\":\"a\"}]} | 422 | duplicate-document",
        "{ | 400 | malformed-json"
      })
  void badRequestsAreRefusedWithTheReason(String body, int status, String code) {
    Answer.problem(server.post(CHANGE, body), status, code);
    Answer.problem(server.get(BUCKET), 404, "bucket-missing");
  }

  @Test
  void parametersMethodsAndTypesAreChecked() {
    server.put(BUCKET + "/a", "{}");
    Answer.problem(server.get(CHANGES + "?limit=0"), 400, "invalid-parameter");
    Answer.problem(server.get(CHANGES + "?since=1"), 400, "invalid-parameter");
    Answer.problem(server.get(CHANGE), 405, "method-not-allowed");
    Answer.problem(server.post(CHANGES, "{}"), 405, "method-not-allowed");
    assertThat(Answer.json(server.get(CHANGES + "?limit=99999"), 200).path("changes")).hasSize(1);
  }

  @Test
  void changesAreAllMadeOrNoneWhileOthersWrite() throws Exception {
    server.put(BUCKET + "/noise", "{\"n\":0}");
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<Integer>> clients = new ArrayList<>();
      for (int c = 0; c < 2; c++) {
        clients.add(threads.submit(() -> countPairs(20)));
      }
      Future<?> noise =
          threads.submit(
              () -> {
                for (int i = 0; i < 60; i++) {
                  HttpResponse<String> answer =
                      server.send(
                          server
                              .request(BUCKET + "/noise")
                              .header("Content-Type", "application/json")
                              .header("If-Match", "*")
                              .PUT(BodyPublishers.ofString("{\"n\":" + i + "}")));
                  assertThat(answer.statusCode()).isEqualTo(200);
                }
              });
      noise.get();
      for (Future<Integer> client : clients) {
        assertThat(client.get()).isEqualTo(20);
      }
      assertThat(Answer.json(server.get(BUCKET + "/left"), 200).path("n").asInt()).isEqualTo(40);
      assertThat(Answer.json(server.get(BUCKET + "/right"), 200).path("n").asInt()).isEqualTo(40);
    } finally {
      threads.shutdown();
    }
  }

  /** Counts in two documents at once as often as it is let. */
  private int countPairs(int times) {
    HttpSyncServer remote = remote();
    int done = 0;
    while (done < times) {
      ChangePage page = remote.changes(SyncServer.START, 100);
      int left = count(page.changes(), "left");
      assertThat(left).isEqualTo(count(page.changes(), "right"));
      ChangeOutcome outcome =
          remote
              .change(
                  page.cid(),
                  List.of(
                      put("left", number(left + 1)),
                      put("right", number(left + 1)),
                      del("never" + left)),
                  Attribution.none())
              .toCompletableFuture()
              .join();
      done += outcome instanceof ChangeOutcome.Accepted ? 1 : 0;
    }
    return done;
  }

  private static int count(List<SyncedChange> changes, String id) {
    return changes.stream()
        .filter(change -> change.id().equals(id) && !change.deleted())
        .mapToInt(change -> change.body().tree().get("n").asInt())
        .findFirst()
        .orElse(0);
  }
}
