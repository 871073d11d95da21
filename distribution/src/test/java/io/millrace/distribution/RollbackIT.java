package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RollbackIT {
  private static final String JSON = "application/json";

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server = ServerProcess.on(folder.resolve("data")).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode get(String path) {
    return Answer.json(server.get(path), 200);
  }

  private static HttpResponse<String> send(String path, String body) {
    return server.send(
        server.request(path).header("Content-Type", JSON).POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode post(String path, String body) {
    return Answer.json(send(path, body), 200);
  }

  /** Writes a document whatever is there; the sequence. */
  private static long write(String path, String body) {
    HttpResponse<String> answer =
        server.send(
            server
                .request(path)
                .header("Content-Type", JSON)
                .header("If-Match", "*")
                .PUT(BodyPublishers.ofString(body)));
    return Answer.json(answer, answer.statusCode() == 201 ? 201 : 200).path("seq").asLong();
  }

  @Test
  void bucketIsWhatItWasAndForwardAgain() {
    long to = write("/rolled/a", "{\"n\":1}");
    write("/rolled/a", "{\"n\":2}");
    long later = write("/rolled/b", "{}");
    JsonNode dry = post("/rolled/_rollback?dry_run=true&to=" + to, "");
    assertThat(dry.path("changed").asInt()).isEqualTo(2);
    assertThat(dry.has("seq")).isFalse();
    JsonNode rolled = post("/rolled/_rollback?author=ann&message=oops", "{\"to\":" + to + "}");
    assertThat(rolled.path("seq").asLong()).isEqualTo(rolled.path("first").asLong() + 1);
    assertThat(get("/rolled/a").path("n").asInt()).isEqualTo(1);
    assertThat(server.get("/rolled/b").statusCode()).isEqualTo(404);
    JsonNode commit = get("/rolled/_log?reverse=true&limit=1").path("commits").get(0);
    assertThat(commit.path("kind").asText()).isEqualTo("rollback");
    assertThat(commit.path("author").asText()).isEqualTo("ann");
    assertThat(commit.path("message").asText()).isEqualTo("oops");
    assertThat(commit.path("changes").asInt()).isEqualTo(2);
    assertThat(commit.path("to").asLong()).isEqualTo(to);
    String verified = "/_system/log/verify?to=" + rolled.path("seq").asLong();
    assertThat(commit.path("digest")).isEqualTo(get(verified).path("digest"));
    assertThat(get("/_system/log?reverse=true&limit=1").path("commits").get(0)).isEqualTo(commit);
    post("/rolled/_rollback?to=" + later, "");
    assertThat(get("/rolled/a").path("n").asInt()).isEqualTo(2);
    assertThat(get("/rolled/b").path("id").asText()).isEqualTo("b");
  }

  @Test
  void documentIsWhatItWasBySequenceTimeAndRevision() {
    long first = write("/documents/d", "{\"n\":1}");
    String rev = get("/documents/d").path("rev").asText();
    String time = get("/documents/_activity?limit=1").at("/activity/0/time").asText();
    for (String to : new String[] {"" + first, rev, time}) {
      write("/documents/d", "{\"n\":2}");
      JsonNode back = post("/documents/d/_rollback?to=" + to, "");
      boolean sameMillisecond = to.equals(time);
      if (!sameMillisecond) {
        assertThat(get("/documents/d").path("n").asInt()).isEqualTo(1);
      }
      assertThat(get("/documents/d").path("rev").asText()).isEqualTo(back.path("rev").asText());
    }
    long before = write("/documents/other", "{}");
    write("/documents/late", "{}");
    assertThat(post("/documents/late/_rollback?to=" + before, "").path("deleted").asBoolean())
        .isTrue();
    assertThat(server.get("/documents/late").statusCode()).isEqualTo(404);
  }

  @Test
  void rollbackOfADocumentIsPreviewed() {
    long first = write("/previewed/d", "{\"n\":1}");
    long second = write("/previewed/d", "{\"n\":2}");
    JsonNode dry = post("/previewed/d/_rollback?dry_run=true&to=" + first, "");
    assertThat(dry).hasToString("{\"changed\":1,\"created\":0,\"updated\":1,\"deleted\":0}");
    assertThat(get("/previewed/_log").path("commits")).hasSize(2);
    assertThat(get("/previewed/_log").path("commits").get(0).has("to")).isFalse();
    long back = post("/previewed/d/_rollback?to=" + first, "").path("seq").asLong();
    assertThat(back).isEqualTo(second + 1);
    assertThat(get("/previewed/_log?gte=" + back).at("/commits/0/to").asLong()).isEqualTo(first);
    Answer.problem(
        send("/previewed/d/_rollback?dry_run=true&to=1-" + "a".repeat(32), ""),
        404,
        "unknown-target");
    Answer.problem(
        send("/previewed/other/_rollback?dry_run=true&to=" + first, ""), 404, "document-missing");
  }

  @Test
  void databaseIsWhatItWasDroppedBucketsIncluded() {
    long to = write("/dropped/a", "{\"n\":1}");
    Answer.json(server.delete("/dropped"), 200);
    write("/later/b", "{}");
    JsonNode rolled = post("/_system/rollback?to=" + to, "");
    assertThat(rolled.path("dropped").toString()).contains("\"later\"");
    assertThat(rolled.path("revived").toString()).contains("\"dropped\"");
    assertThat(get("/dropped/a").path("n").asInt()).isEqualTo(1);
    assertThat(server.get("/later").statusCode()).isEqualTo(404);
  }

  @Test
  void viewsFollow() {
    long to = write("/viewed/a", "{\"n\":1}");
    Answer.json(send("/viewed/_query/q", "{\"map\":\"function(d){return d.n}\"}"), 201);
    long defined = get("/_system/info").path("sequence").asLong();
    write("/viewed/a", "{\"n\":2}");
    write("/viewed/b", "{\"n\":3}");
    post("/viewed/_rollback?to=" + defined, "");
    assertThat(get("/viewed/_query/q").path("rows").toString())
        .isEqualTo("[{\"key\":\"a\",\"value\":1}]");
    post("/viewed/_rollback?to=" + to, "");
    assertThat(server.get("/viewed/_query/q").statusCode()).isEqualTo(404);
    post("/viewed/_rollback?to=" + defined, "");
    assertThat(get("/viewed/_query/q").path("rows").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/refused/_rollback, 400",
    "/refused/_rollback?to=999999999, 404",
    "/refused/_rollback?to=0, 404",
    "/refused/_rollback?to=2026-01-01T12:00:00, 400",
    "/refused/_rollback?to=2126-01-01T12:00:00Z, 404",
    "/refused/_rollback?to=1970-01-01T12:00:00Z, 404",
    "/refused/_rollback?to=1-00000000000000000000000000000000, 400",
    "/refused/a/_rollback?to=1-00000000000000000000000000000000, 404",
    "/refused/_rollback?to=x, 400",
    "/nowhere/_rollback?to=1, 404",
    "/_system/rollback?to=-1, 400",
    "/_system/rollback?to=1&dry_run=perhaps, 400",
  })
  void badTargetsAreRefusedAndChangeNothing(String path, int status) {
    write("/refused/a", "{}");
    long before = get("/_system/info").path("sequence").asLong();
    HttpResponse<String> answer = send(path, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("urn:millrace:problem:");
    assertThat(get("/_system/info").path("sequence").asLong()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"{}", "[1]", "'{\"to\":{}}'", "'{\"to\":1,\"x\":2}'", "'{\"to\":'"})
  void badBodiesAreRefused(String body) {
    write("/refused/a", "{}");
    assertThat(send("/refused/_rollback", body).statusCode()).isEqualTo(400);
  }

  @Test
  void chainIsVerified() {
    long seq = write("/chained/a", "{}");
    JsonNode proof = get("/_system/log/verify?to=" + seq);
    assertThat(proof.path("ok").asBoolean()).isTrue();
    String digest = proof.path("digest").asText();
    assertThat(digest).hasSize(64);
    write("/chained/b", "{}");
    assertThat(get("/_system/log/verify?to=" + seq + "&digest=" + digest).path("ok").asBoolean())
        .isTrue();
    String other = "0".repeat(64);
    JsonNode wrong = get("/_system/log/verify?to=" + seq + "&digest=" + other);
    assertThat(wrong.path("ok").asBoolean()).isFalse();
    assertThat(wrong.path("reason").asText()).contains(digest);
    assertThat(server.get("/_system/log/verify?digest=xyz").statusCode()).isEqualTo(400);
    assertThat(server.get("/_system/log/verify?to=99999999").statusCode()).isEqualTo(404);
  }

  @Test
  void checksLetTransactionsPassOrFailAsAWhole() {
    write("/rates/eur", "{\"n\":1}");
    String rev = get("/rates/eur").path("rev").asText();
    String put = "{\"type\":\"put\",\"bucket\":\"orders\",\"id\":\"%s\",\"value\":{}}";
    String check = "{\"type\":\"check\",\"bucket\":\"rates\",\"id\":\"eur\",\"rev\":%s}";
    JsonNode done =
        post(
            "/_system/batch",
            "["
                + put.formatted("o1")
                + ","
                + check.formatted("\"" + rev + "\"")
                + ",{\"type\":\"check\",\"bucket\":\"orders\",\"id\":\"none\",\"rev\":null}]");
    assertThat(done).hasSize(1);
    write("/rates/eur", "{\"n\":2}");
    HttpResponse<String> refused =
        send(
            "/_system/batch",
            "[" + put.formatted("o2") + "," + check.formatted("\"" + rev + "\"") + "]");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("\"index\":1").contains("eur");
    assertThat(server.get("/orders/o2").statusCode()).isEqualTo(404);
    assertThat(send("/_system/batch", "[" + check.formatted("null") + "]").statusCode())
        .isEqualTo(409);
    assertThat(send("/rates/_batch", "[{\"type\":\"check\",\"id\":\"eur\"}]").statusCode())
        .isEqualTo(422);
  }
}
