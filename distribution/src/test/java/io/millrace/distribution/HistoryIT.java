package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HistoryIT {
  private static final String JSON = "application/json";
  private static final String LINES = "application/x-ndjson";

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

  private static List<JsonNode> lines(String path) {
    return Answer.lines(server.send(server.request(path).header("Accept", LINES).GET()), 200);
  }

  private static List<String> texts(JsonNode rows, String member) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.path(member).asText())
        .toList();
  }

  /** Writes a document whatever is there, and answers what the server did. */
  private static JsonNode write(String path, String body) {
    HttpResponse<String> answer =
        server.send(
            server
                .request(path)
                .header("Content-Type", JSON)
                .header("If-Match", "*")
                .PUT(BodyPublishers.ofString(body)));
    return Answer.json(answer, answer.statusCode() == 201 ? 201 : 200);
  }

  @Test
  void historyOfADocumentIsToldOldestFirst() {
    JsonNode one = write("/told/d?author=ann&message=begin", "{\"v\":1.0}");
    JsonNode two = write("/told/d?author=bob", "{\"v\":2}");
    write("/told/other", "{}");
    JsonNode gone = Answer.json(server.delete("/told/d?rev=" + two.path("rev").asText()), 200);
    JsonNode history = get("/told/d/_history");
    assertThat(history.path("count").asInt()).isEqualTo(3);
    JsonNode rows = history.path("history");
    assertThat(texts(rows, "rev"))
        .containsExactly(
            one.path("rev").asText(), two.path("rev").asText(), gone.path("rev").asText());
    assertThat(rows.get(0).path("parent").isNull()).isTrue();
    assertThat(rows.get(1).path("parent")).isEqualTo(one.path("rev"));
    assertThat(rows.get(0).path("author").asText()).isEqualTo("ann");
    assertThat(rows.get(0).path("message").asText()).isEqualTo("begin");
    assertThat(rows.get(0).path("kind").asText()).isEqualTo("write");
    assertThat(Instant.parse(rows.get(0).path("time").asText())).isBefore(Instant.now());
    assertThat(rows.get(2).path("deleted").asBoolean()).isTrue();
    assertThat(rows.get(0).has("document")).isFalse();
    JsonNode page = get("/told/d/_history?reverse=true&limit=1&body=true");
    assertThat(page.path("history").get(0).path("seq")).isEqualTo(gone.path("seq"));
    page = get("/told/d/_history?reverse=true&limit=1&body=true&lt=" + page.path("next"));
    assertThat(page.path("history").get(0).path("document").toString())
        .isEqualTo("{\"id\":\"d\",\"rev\":" + two.path("rev") + ",\"v\":2}");
    assertThat(lines("/told/d/_history?author=bob")).hasSize(1);
    assertThat(get("/told/d/_history?gt=" + gone.path("seq")).path("count").asInt()).isZero();
    Answer.problem(server.get("/told/never/_history"), 404, "document-missing");
    Answer.problem(server.get("/never/never/_history"), 404, "bucket-missing");
  }

  @Test
  void treeShowsLeavesWinnerAndRevisions() {
    JsonNode one = write("/tree/d", "{\"v\":1}");
    JsonNode two = write("/tree/d", "{\"v\":2}");
    JsonNode tree = get("/tree/d/_tree");
    assertThat(tree.path("winner")).isEqualTo(two.path("rev"));
    assertThat(tree.path("conflicts")).isEmpty();
    assertThat(tree.path("leaves").get(0)).isEqualTo(two.path("rev"));
    assertThat(texts(tree.path("revisions"), "rev"))
        .containsExactly(two.path("rev").asText(), one.path("rev").asText());
    assertThat(tree.path("revisions").get(0).path("parent")).isEqualTo(one.path("rev"));
    Answer.problem(server.get("/tree/never/_tree"), 404, "document-missing");
  }

  @Test
  void differenceOfADocumentIsAPatchThatMakesTheOneOfTheOther() {
    JsonNode one = write("/patch/d", "{\"a\":1.0,\"b\":[1,2,3],\"c/d\":{\"x\":1e2}}");
    JsonNode two = write("/patch/d", "{\"a\":1.00,\"b\":[1,3,4],\"c/d\":{\"y\":1}}");
    String expected =
        "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":1.00},"
            + "{\"op\":\"remove\",\"path\":\"/b/1\"},"
            + "{\"op\":\"add\",\"path\":\"/b/2\",\"value\":4},"
            + "{\"op\":\"remove\",\"path\":\"/c~1d/x\"},"
            + "{\"op\":\"add\",\"path\":\"/c~1d/y\",\"value\":1}]";
    String from = "/patch/d/_diff?from=";
    assertThat(server.get(from + one.path("seq")).body()).isEqualTo(expected);
    assertThat(server.get(from + one.path("rev").asText() + "&to=" + two.path("seq")).body())
        .isEqualTo(expected);
    assertThat(get(from + two.path("seq"))).isEmpty();
    assertThat(get(from + "0").get(0).path("op").asText()).isEqualTo("add");
    HttpResponse<String> typed =
        server.send(
            server
                .request(from + one.path("seq"))
                .header("Accept", "application/json-patch+json")
                .GET());
    assertThat(Answer.header(typed, "Content-Type")).isEqualTo("application/json-patch+json");
    Answer.problem(server.get("/patch/d/_diff"), 400, "invalid-parameter");
    Answer.problem(server.get(from + "1-00000000000000000000000000000000"), 404, "unknown-target");
    Answer.problem(server.get(from + "1-0"), 400, "invalid-parameter");
    Answer.problem(server.get("/patch/never/_diff?from=0"), 404, "document-missing");
    String back = server.get(from + two.path("seq") + "&to=" + one.path("rev").asText()).body();
    Answer.json(send("PATCH", "/patch/d", "application/json-patch+json", back), 200);
    assertThat(server.get("/patch/d").body())
        .endsWith(",\"a\":1.0,\"b\":[1,2,3],\"c/d\":{\"x\":1e2}}");
  }

  @Test
  void blameNamesWhoLastChangedEachMember() {
    write("/blame/d?author=ann", "{\"a\":1,\"b\":1,\"c\":{\"x\":1}}");
    JsonNode two = write("/blame/d?author=bob&message=why", "{\"b\":1,\"a\":2,\"c\":{\"x\":1}}");
    JsonNode three = write("/blame/d?author=eve", "{\"a\":2,\"c\":{\"x\":2},\"b\":1}");
    JsonNode blame = get("/blame/d/_blame");
    assertThat(blame.path("rev")).isEqualTo(three.path("rev"));
    assertThat(texts(blame.path("members"), "name")).containsExactly("a", "c", "b");
    assertThat(texts(blame.path("members"), "author")).containsExactly("bob", "eve", "ann");
    assertThat(blame.path("members").get(0).path("rev")).isEqualTo(two.path("rev"));
    assertThat(blame.path("members").get(0).path("message").asText()).isEqualTo("why");
    assertThat(texts(get("/blame/d/_blame?at=" + two.path("seq")).path("members"), "author"))
        .containsExactly("ann", "bob", "ann");
    Answer.json(server.delete("/blame/d?rev=" + three.path("rev").asText()), 200);
    Answer.problem(server.get("/blame/d/_blame"), 404, "document-deleted");
  }

  @Test
  void logTellsCommitsWithFilters() {
    JsonNode made = write("/log/d?author=ann&message=The%20Beginning", "{}");
    JsonNode several =
        Answer.json(server.post("/log?author=bob&message=more", "[{\"id\":\"x\"},{}]"), 201);
    Answer.json(
        server.send(
            server
                .request("/log/_query/q?author=cat")
                .header("Content-Type", JSON)
                .POST(BodyPublishers.ofString("{\"map\":\"function(d){ return d.x }\"}"))),
        201);
    write("/elsewhere/d", "{}");
    Answer.json(server.delete("/log?author=eve&message=the%20end"), 200);
    JsonNode commits = get("/log/_log").path("commits");
    assertThat(texts(commits, "author")).containsExactly("ann", "bob", "cat", "eve");
    assertThat(texts(commits, "kind")).containsExactly("write", "write", "write", "bucket-dropped");
    assertThat(commits.get(1).path("first")).isEqualTo(several.get(0).path("seq"));
    assertThat(commits.get(1).path("seq")).isEqualTo(several.get(1).path("seq"));
    assertThat(commits.get(1).path("changes").asInt()).isEqualTo(2);
    assertThat(commits.get(3).path("changes").asInt(-1)).isZero();
    assertThat(texts(get("/log/_log?message=the").path("commits"), "author"))
        .containsExactly("ann", "eve");
    assertThat(texts(get("/log/_log?kind=bucket-dropped").path("commits"), "author"))
        .containsExactly("eve");
    JsonNode page = get("/log/_log?limit=2");
    assertThat(page.path("count").asInt()).isEqualTo(2);
    page = get("/log/_log?limit=5&since=" + page.path("next"));
    assertThat(texts(page.path("commits"), "author")).containsExactly("cat", "eve");
    assertThat(page.has("next")).isFalse();
    assertThat(texts(get("/log/_log?reverse=true&limit=1").path("commits"), "author"))
        .containsExactly("eve");
    String time = commits.get(2).path("time").asText();
    assertThat(get("/log/_log?from=" + time).path("commits").size()).isBetween(2, 4);
    for (JsonNode commit : get("/log/_log?until=" + time).path("commits")) {
      assertThat(Instant.parse(commit.path("time").asText())).isBefore(Instant.parse(time));
    }
    assertThat(lines("/_system/log?gte=" + made.path("seq")).size()).isGreaterThanOrEqualTo(5);
    assertThat(texts(get("/_system/log?author=eve&message=END").path("commits"), "kind"))
        .contains("bucket-dropped");
    assertThat(get("/log/_activity?message=BEGIN&author=ann").path("count").asInt()).isEqualTo(1);
    assertThat(get("/log/_activity?until=2020-01-01T00:00:00Z").path("count").asInt()).isZero();
    Answer.problem(server.get("/neverlog/_log"), 404, "bucket-missing");
    Answer.problem(server.get("/log/_log?kind=x"), 400, "invalid-parameter");
    Answer.problem(server.get("/log/_log?from=2026-01-01T00:00:00"), 400, "invalid-parameter");
    Answer.problem(server.get("/log/_log?until=17"), 400, "invalid-parameter");
  }

  @Test
  void differenceOfABucketIsToldBySort() {
    JsonNode start =
        Answer.json(
            server.post("/diff", "[{\"id\":\"a\",\"v\":1},{\"id\":\"b\",\"v\":1},{\"id\":\"c\"}]"),
            201);
    long from = start.get(2).path("seq").asLong();
    JsonNode updated = write("/diff/b", "{\"v\":2}");
    Answer.json(server.delete("/diff/a?rev=" + start.get(0).path("rev").asText()), 200);
    JsonNode created = write("/diff/d", "{\"v\":1.50}");
    long to = created.path("seq").asLong();
    String path = "/diff/_diff?from=" + from;
    assertThat(server.get(path + "&to=" + to).body())
        .isEqualTo(
            "{\"from\":"
                + from
                + ",\"to\":"
                + to
                + ",\"count\":3,\"created\":[{\"id\":\"d\",\"rev\":"
                + created.path("rev")
                + ",\"document\":{\"id\":\"d\",\"rev\":"
                + created.path("rev")
                + ",\"v\":1.50}}],\"updated\":[{\"id\":\"b\",\"rev\":"
                + updated.path("rev")
                + ",\"was\":"
                + start.get(1).path("rev")
                + ",\"patch\":[{\"op\":\"replace\",\"path\":\"/v\",\"value\":2}]}],"
                + "\"deleted\":[{\"id\":\"a\",\"was\":"
                + start.get(0).path("rev")
                + "}]}");
    assertThat(lines(path))
        .extracting(line -> line.path("id").asText() + " " + line.path("change").asText())
        .containsExactly("a deleted", "b updated", "d created");
    JsonNode back = get("/diff/_diff?from=" + to + "&to=" + from + "&body=false");
    assertThat(texts(back.path("created"), "id")).containsExactly("a");
    assertThat(back.path("created").get(0).has("document")).isFalse();
    assertThat(back.path("updated").get(0).has("patch")).isFalse();
    assertThat(texts(back.path("deleted"), "id")).containsExactly("d");
    assertThat(get("/diff/_diff?from=0&to=" + from).path("created")).hasSize(3);
    assertThat(get(path + "&to=" + from).path("count").asInt(-1)).isZero();
    Answer.json(server.delete("/diff"), 200);
    assertThat(get(path).path("deleted")).hasSize(3);
    Answer.problem(server.get("/diff/_diff"), 400, "invalid-parameter");
    Answer.problem(server.get("/diff/_diff?from=999999999"), 404, "unknown-target");
    Answer.problem(
        server.get("/diff/_diff?from=1-00000000000000000000000000000000"),
        400,
        "invalid-parameter");
    Answer.problem(server.get("/neverdiff/_diff?from=0"), 404, "bucket-missing");
  }

  @Test
  void longDifferenceIsStreamedWhole() {
    StringBuilder array = new StringBuilder("[");
    for (int i = 0; i < 2_000; i++) {
      array.append(i == 0 ? "" : ",").append("{\"id\":\"d").append(i).append("\",\"v\":1}");
    }
    JsonNode first = Answer.json(server.post("/longdiff", array.append(']').toString()), 201);
    String from = first.get(1999).path("seq").asText();
    StringBuilder edits = new StringBuilder("[");
    for (int i = 0; i < 2_000; i++) {
      edits.append(i == 0 ? "" : ",");
      String rev = first.get(i).path("rev").toString();
      edits.append("{\"id\":\"d" + i + "\",\"rev\":" + rev);
      edits.append(
          i % 2 == 0 ? ",\"type\":\"del\"}" : ",\"type\":\"put\",\"value\":{\"v\":" + i + "}}");
    }
    Answer.json(server.post("/longdiff/_batch", edits.append(']').toString()), 200);
    JsonNode difference = get("/longdiff/_diff?from=" + from);
    assertThat(difference.path("created")).isEmpty();
    assertThat(difference.path("updated")).hasSize(1_000);
    assertThat(difference.path("deleted")).hasSize(1_000);
    assertThat(difference.path("count").asInt()).isEqualTo(2_000);
    assertThat(lines("/longdiff/_diff?from=" + from)).hasSize(2_000);
  }

  @Test
  void pastIsPagedAsThePresentIs() {
    List<String> ids = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < 7; i++) {
      at = write("/paged/d" + i, "{\"v\":1}").path("seq").asLong();
      ids.add("d" + i);
    }
    write("/paged/d3", "{\"v\":2}");
    write("/paged/d33", "{\"v\":2}");
    Answer.json(server.delete("/paged"), 200);
    String path = "/paged/_documents?at=" + at;
    assertThat(texts(get(path).path("documents"), "id")).isEqualTo(ids);
    assertThat(texts(get(path).path("documents"), "v")).containsOnly("1");
    JsonNode page = get(path + "&limit=3");
    assertThat(texts(page.path("documents"), "id")).containsExactly("d0", "d1", "d2");
    page = get(path + "&limit=3&after=" + page.path("next").asText());
    assertThat(texts(page.path("documents"), "id")).containsExactly("d3", "d4", "d5");
    assertThat(texts(get(path + "&start=d2&end=d5&reverse=true").path("documents"), "id"))
        .containsExactly("d4", "d3", "d2");
    assertThat(texts(get(path + "&prefix=d3").path("documents"), "id")).containsExactly("d3");
    assertThat(texts(get(path + "&ids=d3,d33,x").path("documents"), "id")).containsExactly("d3");
    assertThat(lines("/paged/_export?at=" + at)).hasSize(7);
    Answer.problem(server.get("/paged/_documents"), 404, "bucket-missing");
    Answer.problem(server.get("/paged/_documents?at=" + (at + 3)), 404, "bucket-missing");
    Answer.problem(server.get("/paged/_documents?ids=d1&at=" + (at + 3)), 404, "bucket-missing");
    Answer.problem(server.get("/paged/_export?at=" + (at + 3)), 404, "bucket-missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/past/d", "/past/_documents", "/past/_export", "/past/d/_blame"})
  void momentsThatAreNotThereAreRefused(String path) {
    write("/past/d", "{}");
    String future = Instant.now().plusSeconds(3_600).toString();
    Answer.problem(server.get(path + "?at=999999999"), 404, "unknown-target");
    Answer.problem(server.get(path + "?at=0"), 404, "unknown-target");
    Answer.problem(server.get(path + "?at=" + future), 404, "unknown-target");
    Answer.problem(server.get(path + "?at=1999-01-01T00:00:00%2B02:00"), 404, "unknown-target");
    JsonNode problem =
        Answer.problem(server.get(path + "?at=2026-01-31T12:00:00"), 400, "invalid-parameter");
    assertThat(problem.path("detail").asText()).contains("'at'").contains("zone");
    Answer.problem(server.get(path + "?at=2026-01-31"), 400, "invalid-parameter");
    Answer.problem(server.get(path + "?at=-1"), 400, "invalid-parameter");
    Answer.problem(server.get(path + "?at=99999999999999999999"), 400, "invalid-parameter");
  }

  @Test
  void everyWayToWriteKeepsAuthorAndMessage() {
    String both = "author=J%C3%BCrgen%20%26%20Co&message=50%25%20more";
    List<HttpResponse<String>> answers = new ArrayList<>();
    answers.add(send("PUT", "/who?" + both, null, null));
    answers.add(send("PUT", "/who/d?" + both, JSON, "{\"v\":1}"));
    answers.add(send("POST", "/who?" + both, JSON, "{\"id\":\"e\"}"));
    answers.add(send("POST", "/who?" + both, JSON, "[{\"id\":\"f\"}]"));
    answers.add(send("PATCH", "/who/d?" + both, "application/merge-patch+json", "{\"v\":2}"));
    answers.add(
        send(
            "POST", "/who/_batch?" + both, JSON, "[{\"type\":\"put\",\"id\":\"g\",\"value\":{}}]"));
    answers.add(
        send(
            "POST",
            "/_system/batch?" + both,
            JSON,
            "[{\"type\":\"put\",\"bucket\":\"who\",\"id\":\"h\",\"value\":{}}]"));
    answers.add(send("POST", "/who/_import?" + both, LINES, "{\"id\":\"i\"}\n"));
    answers.add(
        send("POST", "/who/_query/q?" + both, JSON, "{\"map\":\"function(d){ return 1 }\"}"));
    answers.add(send("DELETE", "/who/_query/q?" + both, null, null));
    String rev = get("/who/d").path("rev").asText();
    answers.add(send("DELETE", "/who/d?rev=" + rev + "&" + both, null, null));
    answers.add(send("DELETE", "/who?" + both, null, null));
    assertThat(answers).allMatch(answer -> answer.statusCode() / 100 == 2);
    JsonNode commits = get("/who/_log").path("commits");
    assertThat(commits).hasSize(answers.size());
    assertThat(texts(commits, "author")).containsOnly("J\u00fcrgen & Co");
    assertThat(texts(commits, "message")).containsOnly("50% more");
  }

  private static HttpResponse<String> send(String method, String path, String type, String body) {
    var request = server.request(path);
    if (type != null) {
      request.header("Content-Type", type);
    }
    return server.send(
        request.method(
            method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  @Test
  void authorAndMessageComeInHeadersToo() {
    HttpResponse<String> answer =
        server.send(
            server
                .request("/headers/d?author=stronger")
                .header("Content-Type", JSON)
                .header("Millrace-Author", "weaker")
                .header("Millrace-Message", "two%0Alines%2C%20%E2%82%AC%20+")
                .PUT(BodyPublishers.ofString("{}")));
    Answer.json(answer, 201);
    JsonNode commit = get("/headers/_log").path("commits").get(0);
    assertThat(commit.path("author").asText()).isEqualTo("stronger");
    assertThat(commit.path("message").asText()).isEqualTo("two\nlines, \u20ac +");
  }

  @Test
  void unfitAuthorsAndMessagesAreRefusedBeforeAnythingIsWritten() {
    String long512 = "a".repeat(512);
    for (String refused :
        List.of(
            "author=" + long512 + "a",
            "author=a%0Ab",
            "author=%00",
            "message=a%07",
            "message=%C2%85")) {
      Answer.problem(server.put("/unfit/d?" + refused, "{}"), 400, "invalid-attribution");
      Answer.problem(send("PUT", "/unfit?" + refused, null, null), 400, "invalid-attribution");
      Answer.problem(
          send("POST", "/unfit/_import?" + refused, LINES, "{}\n"), 400, "invalid-attribution");
    }
    Answer.problem(server.put("/unfit/d?author=%FF", "{}"), 400, "malformed-escape");
    HttpResponse<String> tooLong =
        server.send(
            server
                .request("/unfit/d")
                .header("Content-Type", JSON)
                .header("Millrace-Message", "m".repeat(16_385))
                .PUT(BodyPublishers.ofString("{}")));
    Answer.problem(tooLong, 400, "invalid-attribution");
    Answer.problem(server.get("/unfit"), 404, "bucket-missing");
    HttpResponse<String> longest =
        server.send(
            server
                .request("/fit/d?author=" + long512)
                .header("Content-Type", JSON)
                .header("Millrace-Message", "m".repeat(16_384))
                .PUT(BodyPublishers.ofString("{}")));
    Answer.json(longest, 201);
    assertThat(get("/fit/_log").path("commits").get(0).path("message").asText()).hasSize(16_384);
  }
}
