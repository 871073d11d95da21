package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DocumentsIT {
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

  private static String revision(HttpResponse<String> written) {
    return Answer.tree(written.body()).path("rev").asText();
  }

  private static HttpResponse<String> send(String method, String path, String type, String body) {
    return server.send(
        server
            .request(path)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body)));
  }

  @Test
  void postedObjectGetsAnIdAndAPlace() {
    HttpResponse<String> made = server.post("/post", "{\"color\":\"blue\"}");
    JsonNode reply = Answer.json(made, 201);
    String id = reply.path("id").asText();
    assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(reply.path("seq").asLong()).isPositive();
    assertThat(Answer.header(made, "Location")).isEqualTo("/post/" + id);
    assertThat(Answer.header(made, "ETag")).isEqualTo("\"" + revision(made) + "\"");
    assertThat(server.get("/post/" + id).body())
        .isEqualTo("{\"id\":\"" + id + "\",\"rev\":\"" + revision(made) + "\",\"color\":\"blue\"}");
  }

  @Test
  void postedObjectKeepsItsIdAndNeedsTheRevisionOfALiveOne() {
    HttpResponse<String> made = server.post("/post", "{\"id\":\"mine\",\"a\":1}");
    Answer.json(made, 201);
    JsonNode conflict = Answer.problem(server.post("/post", "{\"id\":\"mine\"}"), 409, "conflict");
    assertThat(conflict.path("current").asText()).isEqualTo(revision(made));
    HttpResponse<String> again =
        server.post("/post", "{\"id\":\"mine\",\"rev\":\"" + revision(made) + "\",\"a\":2}");
    assertThat(revision(again)).startsWith("2-");
    Answer.problem(
        server.post("/post", "{\"rev\":\"" + revision(made) + "\"}"), 422, "not-processable");
  }

  @Test
  void postedArrayIsWrittenWholeOrNotAtAll() {
    JsonNode both =
        Answer.json(server.post("/array", "[{\"id\":\"a\"},{\"id\":\"b\",\"x\":1}]"), 201);
    assertThat(both.findValuesAsText("id")).containsExactly("a", "b");
    long first = both.get(0).path("seq").asLong();
    assertThat(both.get(1).path("seq").asLong()).isEqualTo(first + 1);
    JsonNode refused =
        Answer.problem(
            server.post("/array", "[{\"id\":\"a\"},{\"id\":\"c\"},{\"id\":\"b\"}]"),
            409,
            "conflict");
    assertThat(refused.path("conflicts").findValuesAsText("id")).containsExactly("a", "b");
    assertThat(refused.path("conflicts").get(1).path("index").asInt()).isEqualTo(2);
    Answer.problem(server.get("/array/c"), 404, "document-missing");
    assertThat(server.post("/array", "[]").body()).isEqualTo("[]");
    Answer.problem(
        server.post("/array", "[{\"id\":\"d\"},{\"id\":\"d\"}]"), 422, "duplicate-document");
  }

  @Test
  void putMakesThenUpdatesOnlyFromTheCurrentRevision() {
    HttpResponse<String> made = server.put("/put/d", "{\"a\":1}");
    Answer.json(made, 201);
    String one = revision(made);
    JsonNode conflict = Answer.problem(server.put("/put/d", "{\"a\":2}"), 409, "conflict");
    assertThat(conflict.path("current").asText()).isEqualTo(one);
    HttpResponse<String> inBody = server.put("/put/d", "{\"rev\":\"" + one + "\",\"a\":2}");
    Answer.json(inBody, 200);
    String two = revision(inBody);
    Answer.problem(server.put("/put/d?rev=" + one, "{\"a\":3}"), 409, "conflict");
    HttpResponse<String> inParameter = server.put("/put/d?rev=" + two, "{\"a\":3}");
    Answer.json(inParameter, 200);
    HttpResponse<String> inHeader = putIfMatch("/put/d", "\"" + revision(inParameter) + "\"");
    Answer.json(inHeader, 200);
    Answer.problem(putIfMatch("/put/d", "\"" + one + "\""), 409, "conflict");
    Answer.json(putIfMatch("/put/d", "*"), 200);
    Answer.json(putIfMatch("/put/new", "*"), 201);
  }

  private static HttpResponse<String> putIfMatch(String path, String tag) {
    return server.send(
        server
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", tag)
            .PUT(BodyPublishers.ofString("{\"b\":1}")));
  }

  @Test
  void ifMatchTakesListsAndRefusesWeakTags() {
    String one = revision(server.put("/match/d", "{}"));
    String other = "7-00000000000000000000000000000000";
    Answer.json(putIfMatch("/match/d", "\"" + other + "\", \"" + one + "\""), 200);
    Answer.problem(putIfMatch("/match/d", "W/\"" + one + "\""), 412, "precondition-failed");
    Answer.problem(
        server.send(
            server
                .request("/match/d?rev=" + one)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + other + "\"")
                .PUT(BodyPublishers.ofString("{}"))),
        400,
        "contradicting-revisions");
  }

  @Test
  void ifNoneMatchStarOnlyCreates() {
    Answer.json(putIfNoneMatch("/create/d"), 201);
    JsonNode refused = Answer.problem(putIfNoneMatch("/create/d"), 412, "precondition-failed");
    assertThat(refused.path("current").asText()).startsWith("1-");
  }

  private static HttpResponse<String> putIfNoneMatch(String path) {
    return server.send(
        server
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-None-Match", "*")
            .PUT(BodyPublishers.ofString("{}")));
  }

  @Test
  void bodyWithAnotherIdIsRefused() {
    Answer.problem(server.put("/put/e", "{\"id\":\"f\"}"), 422, "contradicting-ids");
    Answer.json(server.put("/put/e", "{\"id\":\"e\"}"), 201);
  }

  @Test
  void etagAnswersConditionalReads() {
    String revision = revision(server.put("/tag/d", "{}"));
    for (String tags :
        List.of("\"" + revision + "\"", "W/\"" + revision + "\"", "\"x\", \"" + revision + "\"")) {
      HttpResponse<String> same =
          server.send(server.request("/tag/d").header("If-None-Match", tags).GET());
      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(Answer.header(same, "ETag")).isEqualTo("\"" + revision + "\"");
    }
    Answer.json(server.send(server.request("/tag/d").header("If-None-Match", "\"x\"").GET()), 200);
    Answer.problem(
        server.send(server.request("/tag/d").header("If-Match", "\"x\"").GET()),
        412,
        "precondition-failed");
  }

  @Test
  void headIsGetWithoutBody() {
    String revision = revision(server.put("/head/d", "{\"a\":1}"));
    HttpResponse<String> head =
        server.send(server.request("/head/d").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(Answer.header(head, "ETag")).isEqualTo("\"" + revision + "\"");
    assertThat(
            server
                .send(server.request("/head/none").method("HEAD", BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void deletedDocumentSaysSo() {
    String one = revision(server.put("/del/d", "{}"));
    Answer.problem(server.delete("/del/d"), 409, "conflict");
    JsonNode deleted = Answer.json(server.delete("/del/d?rev=" + one), 200);
    assertThat(deleted.path("deleted").asBoolean()).isTrue();
    JsonNode gone = Answer.problem(server.get("/del/d"), 404, "document-deleted");
    assertThat(gone.path("deleted").asBoolean()).isTrue();
    assertThat(gone.path("rev").asText()).isEqualTo(deleted.path("rev").asText());
    Answer.problem(server.delete("/del/d"), 404, "document-missing");
    Answer.problem(server.delete("/del/never"), 404, "document-missing");
    assertThat(Answer.json(server.put("/del/d", "{}"), 201).path("rev").asText()).startsWith("3-");
  }

  @Test
  void pastStatesAreReadByRevisionSequenceAndTime() {
    JsonNode one = Answer.json(server.put("/past/d", "{\"v\":1}"), 201);
    JsonNode two =
        Answer.json(server.put("/past/d?rev=" + one.path("rev").asText(), "{\"v\":2}"), 200);
    assertThat(Answer.json(server.get("/past/d?rev=" + one.path("rev").asText()), 200).path("v"))
        .isEqualTo(Answer.tree("1"));
    assertThat(Answer.json(server.get("/past/d?at=" + one.path("seq")), 200).path("v").asInt())
        .isEqualTo(1);
    assertThat(Answer.json(server.get("/past/d?at=" + two.path("seq")), 200).path("v").asInt())
        .isEqualTo(2);
    Answer.problem(server.get("/past/d?at=2999-01-01T00:00:00Z"), 404, "unknown-target");
    Answer.problem(server.get("/past/d?at=1999-01-01T00:00:00+02:00"), 404, "unknown-target");
    Answer.problem(server.get("/past/d?at=999999999"), 404, "unknown-target");
    Answer.problem(server.get("/past/d?at=yesterday"), 400, "invalid-parameter");
    assertThat(Answer.json(server.get("/past/d?conflicts=true"), 200).path("conflicts")).isEmpty();
  }

  @Test
  void mergePatchKeepsNumbersAndOrder() {
    server.put("/patch/m", "{\"z\":1.10,\"a\":{\"x\":1,\"y\":2},\"n\":12345678901234567890123}");
    JsonNode reply =
        Answer.json(
            send(
                "PATCH",
                "/patch/m",
                "application/merge-patch+json",
                "{\"a\":{\"x\":null,\"w\":1E2},\"gone\":null}"),
            200);
    assertThat(server.get("/patch/m").body())
        .isEqualTo(
            "{\"id\":\"m\",\"rev\":\""
                + reply.path("rev").asText()
                + "\",\"z\":1.10,\"a\":{\"y\":2,\"w\":1E2},\"n\":12345678901234567890123}");
    Answer.problem(
        send("PATCH", "/patch/none", "application/merge-patch+json", "{}"),
        404,
        "document-missing");
    Answer.problem(
        send("PATCH", "/patch/m", "application/merge-patch+json", "[1]"), 422, "not-an-object");
    Answer.problem(
        server.send(
            server
                .request("/patch/m")
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", "\"9-00000000000000000000000000000000\"")
                .method("PATCH", BodyPublishers.ofString("{}"))),
        409,
        "conflict");
  }

  @Test
  void jsonPatchTestsChangesAndRefuses() {
    server.put("/patch/j", "{\"a\":[1,2.50],\"b\":1}");
    String type = "application/json-patch+json";
    Answer.json(
        send(
            "PATCH",
            "/patch/j",
            type,
            "[{\"op\":\"test\",\"path\":\"/b\",\"value\":1.0},"
                + "{\"op\":\"add\",\"path\":\"/a/-\",\"value\":3.00}]"),
        200);
    assertThat(server.get("/patch/j").body()).endsWith("\"a\":[1,2.50,3.00],\"b\":1}");
    Answer.problem(
        send("PATCH", "/patch/j", type, "[{\"op\":\"test\",\"path\":\"/b\",\"value\":2}]"),
        409,
        "test-failed");
    Answer.problem(
        send("PATCH", "/patch/j", type, "[{\"op\":\"remove\",\"path\":\"/none\"}]"),
        422,
        "not-processable");
    Answer.problem(
        send("PATCH", "/patch/j", type, "[{\"op\":\"add\",\"path\":\"/_x\",\"value\":1}]"),
        422,
        "not-processable");
    Answer.problem(
        send("PATCH", "/patch/j", type, "[{\"op\":\"add\",\"path\":\"\",\"value\":1}]"),
        422,
        "not-processable");
    Answer.problem(send("PATCH", "/patch/j", type, "{\"op\":1}"), 422, "invalid-patch");
  }

  @Test
  void copiesThatGrowTheDocumentBeyondMeasureAreRefused() {
    server.put("/patch/bomb", "{\"a\":[\"0123456789\"]}");
    List<String> operations = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      operations.add("{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}");
    }
    Answer.problem(
        send(
            "PATCH",
            "/patch/bomb",
            "application/json-patch+json",
            "[" + String.join(",", operations) + "]"),
        422,
        "not-processable");
  }

  @Test
  void listIsOrderedRangedAndPaged() {
    server.post("/list", "[{\"id\":\"a\",\"v\":1},{\"id\":\"b\"},{\"id\":\"ba\"},{\"id\":\"c\"}]");
    JsonNode all = Answer.json(server.get("/list/_documents"), 200);
    assertThat(all.path("count").asInt()).isEqualTo(4);
    assertThat(all.path("documents").findValuesAsText("id")).containsExactly("a", "b", "ba", "c");
    assertThat(all.has("next")).isFalse();
    assertThat(ids("/list/_documents?start=b&end=c")).containsExactly("b", "ba");
    assertThat(ids("/list/_documents?prefix=b&reverse=true")).containsExactly("ba", "b");
    assertThat(ids("/list/_documents?ids=c,none,a")).containsExactly("a", "c");
    assertThat(server.get("/list/_documents?prefix=a&body=false").body()).doesNotContain("\"v\"");
    List<String> paged = new ArrayList<>();
    String after = "";
    while (after != null) {
      JsonNode page = Answer.json(server.get("/list/_documents?limit=3" + after), 200);
      paged.addAll(page.path("documents").findValuesAsText("id"));
      after = page.has("next") ? "&after=" + page.path("next").asText() : null;
    }
    assertThat(paged).containsExactly("a", "b", "ba", "c");
    Answer.problem(server.get("/list/_documents?limit=-1"), 400, "invalid-parameter");
    Answer.problem(server.get("/list/_documents?reverse=perhaps"), 400, "invalid-parameter");
    Answer.problem(server.get("/list/_documents?lmit=1"), 400, "invalid-parameter");
    Answer.problem(server.get("/none/_documents"), 404, "bucket-missing");
  }

  private static List<String> ids(String path) {
    return Answer.json(server.get(path), 200).path("documents").findValuesAsText("id");
  }

  @Test
  void listAndExportShowThePast() {
    JsonNode made = Answer.json(server.post("/then", "[{\"id\":\"a\"},{\"id\":\"b\"}]"), 201);
    Answer.json(server.delete("/then/a?rev=" + made.get(0).path("rev").asText()), 200);
    String at = "?at=" + made.get(1).path("seq");
    assertThat(ids("/then/_documents" + at)).containsExactly("a", "b");
    assertThat(ids("/then/_documents")).containsExactly("b");
    assertThat(Answer.lines(server.get("/then/_export"), 200)).hasSize(1);
    assertThat(Answer.lines(server.get("/then/_export" + at), 200)).hasSize(2);
  }

  @Test
  void longListsAreStreamedWithTheCountBehind() {
    StringBuilder documents = new StringBuilder("[");
    for (int i = 0; i < 2000; i++) {
      documents
          .append(i == 0 ? "" : ",")
          .append("{\"pad\":\"")
          .append("x".repeat(100))
          .append("\"}");
    }
    Answer.json(server.post("/long", documents.append("]").toString()), 201);
    HttpResponse<String> all = server.get("/long/_documents");
    assertThat(Answer.header(all, "Transfer-Encoding")).isEqualTo("chunked");
    JsonNode list = Answer.json(all, 200);
    assertThat(list.path("count").asInt()).isEqualTo(2000);
    assertThat(list.path("documents")).hasSize(2000);
    assertThat(Answer.lines(lines("/long/_documents"), 200)).hasSize(2000);
    assertThat(Answer.lines(server.get("/long/_export"), 200)).hasSize(2000);
  }

  private static HttpResponse<String> lines(String path) {
    return server.send(server.request(path).header("Accept", "application/x-ndjson").GET());
  }

  @Test
  void batchPutsAndDeletesTogether() {
    String rev = revision(server.put("/batch/old", "{}"));
    JsonNode done =
        Answer.json(
            server.post(
                "/batch/_batch?author=Ann&message=%C3%A9t%C3%A9",
                "[{\"type\":\"put\",\"id\":\"new\",\"value\":{\"a\":1}},"
                    + "{\"type\":\"del\",\"id\":\"old\",\"rev\":\""
                    + rev
                    + "\"}]"),
            200);
    assertThat(done).hasSize(2);
    assertThat(done.get(1).path("deleted").asBoolean()).isTrue();
    JsonNode entries = Answer.json(server.get("/batch/_activity?author=Ann"), 200).path("activity");
    assertThat(entries).hasSize(2);
    assertThat(entries.get(0).path("message").asText()).isEqualTo("été");
    JsonNode refused =
        Answer.problem(
            server.post(
                "/batch/_batch",
                "[{\"type\":\"put\",\"id\":\"x\",\"value\":{}},"
                    + "{\"type\":\"put\",\"id\":\"new\",\"value\":{}}]"),
            409,
            "conflict");
    assertThat(refused.path("conflicts")).hasSize(1);
    Answer.problem(server.get("/batch/x"), 404, "document-missing");
    for (String bad :
        List.of(
            "{}",
            "[{\"type\":\"move\",\"id\":\"x\"}]",
            "[{\"type\":\"put\",\"id\":\"x\"}]",
            "[{\"id\":\"x\",\"value\":{}}]",
            "[{\"type\":\"put\",\"id\":\"x\",\"value\":{},\"extra\":1}]")) {
      Answer.problem(server.post("/batch/_batch", bad), 422, "not-processable");
    }
  }

  @Test
  void systemBatchSpansBuckets() {
    JsonNode done =
        Answer.json(
            server.post(
                "/_system/batch",
                "[{\"type\":\"put\",\"bucket\":\"span1\",\"id\":\"a\",\"value\":{}},"
                    + "{\"type\":\"put\",\"bucket\":\"span2\",\"id\":\"a\",\"value\":{}}]"),
            200);
    assertThat(done.findValuesAsText("bucket")).containsExactly("span1", "span2");
    Answer.json(server.get("/span2/a"), 200);
  }

  @Test
  void attributionComesFromHeadersToo() {
    server.send(
        server
            .request("/who/d")
            .header("Content-Type", "application/json")
            .header("Millrace-Author", "J%C3%BCrgen")
            .header("Millrace-Message", "why%20not")
            .PUT(BodyPublishers.ofString("{}")));
    JsonNode entry = Answer.json(server.get("/who/_activity"), 200).path("activity").get(0);
    assertThat(entry.path("author").asText()).isEqualTo("Jürgen");
    assertThat(entry.path("message").asText()).isEqualTo("why not");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a%2Fb",
        "%25",
        "%2E",
        "%2E%2E",
        "%2e%2e%2f%2e%2e",
        "a+b",
        "a%20b",
        "%F0%9F%98%80",
        "a;b",
        "a%3Bc",
        "~x",
        "a:b@c",
        "%C3%A9",
        "-",
        "a.b",
        ".hidden",
        "%2525",
        "x%2F",
        "%2Fx",
        "a&b=c"
      })
  void everyIdComesBackAsItWentIn(String encoded) {
    HttpResponse<String> made = server.put("/ids/" + encoded, "{}");
    String id = Answer.json(made, 201).path("id").asText();
    String expected = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    assertThat(id).isEqualTo(expected);
    assertThat(Answer.json(server.get("/ids/" + encoded), 200).path("id").asText()).isEqualTo(id);
    String location = Answer.header(made, "Location");
    if (!location.endsWith("/.") && !location.endsWith("/..")) {
      assertThat(Answer.json(server.get(location), 200).path("id").asText()).isEqualTo(id);
    }
  }
}
