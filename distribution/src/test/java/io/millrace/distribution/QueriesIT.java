package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueriesIT {
  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server = ServerProcess.on(folder.resolve("data")).start();
    Answer.json(
        server.post(
            "/films",
            "[{\"id\":\"1\",\"title\":\"Alien\",\"year\":1979,\"genres\":[\"horror\",\"sf\"]},"
                + "{\"id\":\"2\",\"title\":\"Brazil\",\"year\":1985,\"genres\":[\"sf\"]},"
                + "{\"id\":\"3\",\"title\":\"Casablanca\",\"year\":1942,\"genres\":[\"drama\"]},"
                + "{\"id\":\"4\"}]"),
        201);
    define("/films/_query/title", "function(doc){ return doc.title }", 201);
    define(
        "/films/_query/genre",
        "function(doc){ for (const g of doc.genres) emit(g, doc.year) }",
        201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void define(String path, String map, int status) {
    Answer.json(server.post(path, "{\"map\":\"" + map + "\"}"), status);
  }

  private static List<String> keys(String path) {
    JsonNode answer = Answer.json(server.get(path), 200);
    List<String> keys = new ArrayList<>();
    answer.path("rows").forEach(row -> keys.add(row.path("key").asText()));
    assertThat(answer.path("count").asInt()).isEqualTo(keys.size());
    assertThat(answer.path("sequence").asLong()).isPositive();
    return keys;
  }

  @Test
  void mapThatReturnsGivesOneRowForEachDocument() {
    assertThat(keys("/films/_query/title")).containsExactlyInAnyOrder("1", "2", "3");
    JsonNode alien = Answer.json(server.get("/films/_query/title?term=%22Alien%22"), 200);
    assertThat(alien.path("rows").toString()).isEqualTo("[{\"key\":\"1\",\"value\":\"Alien\"}]");
    assertThat(keys("/films/_query/title?start=%22B%22&end=%22C%22")).containsExactly("2");
    assertThat(keys("/films/_query/title?prefix=%22Ca%22")).containsExactly("3");
    assertThat(keys("/films/_query/title?reverse=true")).containsExactly("3", "2", "1");
  }

  @Test
  void mapThatEmitsGivesRowsInKeyOrder() {
    assertThat(keys("/films/_query/genre")).containsExactly("drama", "horror", "sf", "sf");
    JsonNode sf = Answer.json(server.get("/films/_query/genre?term=%22sf%22"), 200).path("rows");
    assertThat(sf.toString())
        .isEqualTo(
            "[{\"id\":\"1\",\"key\":\"sf\",\"value\":1979},{\"id\":\"2\",\"key\":\"sf\",\"value\":1985}]");
    assertThat(keys("/films/_query/genre?keys=%5B%22drama%22,%22horror%22%5D"))
        .containsExactly("drama", "horror");
    JsonNode with =
        Answer.json(server.get("/films/_query/genre?term=%22drama%22&include=document"), 200);
    assertThat(with.path("rows").get(0).path("document").path("title").asText())
        .isEqualTo("Casablanca");
  }

  @Test
  void rowsComeInPages() {
    List<String> keys = new ArrayList<>();
    String after = "";
    while (after != null) {
      JsonNode page = Answer.json(server.get("/films/_query/genre?limit=3" + after), 200);
      page.path("rows").forEach(row -> keys.add(row.path("key").asText()));
      after = page.has("next") ? "&after=" + page.path("next").asText() : null;
    }
    assertThat(keys).containsExactly("drama", "horror", "sf", "sf");
    assertThat(
            Answer.lines(
                server.send(
                    server
                        .request("/films/_query/genre")
                        .header("Accept", "application/x-ndjson")
                        .GET()),
                200))
        .hasSize(4);
  }

  @Test
  void readsReflectEveryWriteBeforeThem() {
    server.send(server.request("/live").PUT(BodyPublishers.noBody()));
    define("/live/_query/v", "function(doc){ return doc.v }", 201);
    String rev = "";
    for (int i = 1; i <= 20; i++) {
      HttpResponse<String> written = server.put("/live/d" + rev, "{\"v\":" + i + "}");
      rev = "?rev=" + Answer.tree(written.body()).path("rev").asText();
      assertThat(keys("/live/_query/v?term=" + i)).containsExactly("d");
    }
    Answer.json(server.delete("/live/d" + rev), 200);
    assertThat(keys("/live/_query/v")).isEmpty();
  }

  @Test
  void definitionsAreListedChangedAndRemoved() {
    server.send(server.request("/defs").PUT(BodyPublishers.noBody()));
    Answer.json(server.post("/defs", "[{\"id\":\"a\",\"x\":1},{\"id\":\"b\"}]"), 201);
    define("/defs/_query/q", "function(doc){ return doc.x.y }", 201);
    define("/defs/_query/q", "function(doc){ return doc.x.y }", 200);
    assertThat(keys("/defs/_query/q")).isEmpty();
    JsonNode list = Answer.json(server.get("/defs/_query"), 200);
    JsonNode query = list.path("queries").get(0);
    assertThat(query.path("name").asText()).isEqualTo("q");
    assertThat(query.path("type").asText()).isEqualTo("js");
    assertThat(query.path("sequence").asLong()).isPositive();
    assertThat(query.path("error_count").asLong()).isEqualTo(1);
    assertThat(query.path("errors").get(0).path("id").asText()).isEqualTo("b");
    assertThat(query.path("methods").path("rows").asText()).isEqualTo("source");
    define("/defs/_query/q", "function(doc){ return doc.x }", 200);
    assertThat(keys("/defs/_query/q?term=1")).containsExactly("a");
    assertThat(
            server
                .send(server.request("/defs/_query/q/_rebuild").POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(202);
    assertThat(keys("/defs/_query/q?term=1")).containsExactly("a");
    Answer.json(server.delete("/defs/_query/q"), 200);
    assertThat(server.get("/defs/_query/q").statusCode()).isEqualTo(404);
    Answer.problem(server.delete("/defs/_query/q"), 404, "query-missing");
  }

  @Test
  void methodsAreCalledWithParametersOrABody() {
    assertThat(keys("/films/_query/genre/rows?term=%22sf%22")).hasSize(2);
    JsonNode posted =
        Answer.json(
            server.post("/films/_query/genre/rows", "{\"keys\":[\"horror\"],\"limit\":1}"), 200);
    assertThat(posted.path("rows").get(0).path("id").asText()).isEqualTo("1");
    Answer.problem(server.get("/films/_query/genre/none"), 404, "method-missing");
    assertThat(server.get("/films/_query/genre?nothing=1").statusCode()).isEqualTo(400);
    assertThat(server.get("/films/_query/genre?term=unquoted").statusCode()).isEqualTo(400);
    assertThat(server.get("/films/_query/genre?limit=-1").statusCode()).isEqualTo(400);
    assertThat(server.get("/films/_query/none").statusCode()).isEqualTo(404);
  }

  @Test
  void readThatWaitsTooLongSaysHowFarTheViewIs() {
    HttpResponse<String> late = server.get("/films/_query/title?at_least=1000000000&timeout=100ms");
    JsonNode problem = Answer.problem(late, 503, "view-behind");
    assertThat(Answer.header(late, "Retry-After")).isNotEmpty();
    assertThat(problem.path("progress").path("sequence").asLong()).isPositive();
    Answer.json(server.get("/films/_query/title?consistency=any"), 200);
  }

  @Test
  void definitionsThatMakeNoSenseAreRefusedWithThePlace() {
    JsonNode problem =
        Answer.problem(
            server.post("/films/_query/bad", "{\"map\":\"function(doc){ return doc. }\"}"),
            422,
            "invalid-definition");
    assertThat(problem.path("detail").asText()).contains("line 1");
    Answer.problem(server.post("/films/_query/bad", "{\"map\":\"42\"}"), 422, "invalid-definition");
    Answer.problem(server.post("/films/_query/bad", "{\"map\":7}"), 422, "invalid-definition");
    Answer.problem(
        server.post("/films/_query/bad", "{\"type\":\"none\"}"), 422, "invalid-definition");
    Answer.problem(server.post("/films/_query/bad", "[]"), 422, "not-an-object");
    assertThat(server.get("/films/_query/bad").statusCode()).isEqualTo(404);
  }

  @Test
  void mapsThatThrowLoopAllocateOrReturnTooMuchLeaveTheOthersAlone() {
    server.send(server.request("/hard").PUT(BodyPublishers.noBody()));
    Answer.json(
        server.post(
            "/hard",
            "[{\"id\":\"good\",\"k\":\"good\"},{\"id\":\"loop\",\"k\":\"loop\"},"
                + "{\"id\":\"mem\",\"k\":\"mem\"},{\"id\":\"big\",\"k\":\"big\"},"
                + "{\"id\":\"throw\",\"k\":\"throw\"}]"),
        201);
    define(
        "/hard/_query/q",
        "function(doc){ if (doc.k === 'loop') { while (true) {} }"
            + " if (doc.k === 'mem') { const a = []; while (true) a.push('x'.repeat(100000) + a.length) }"
            + " if (doc.k === 'big') { return 'x'.repeat(10000000) }"
            + " if (doc.k === 'throw') { throw new Error('no') } return doc.k }",
        201);
    assertThat(keys("/hard/_query/q?timeout=60s")).containsExactly("good");
    JsonNode query = Answer.json(server.get("/hard/_query"), 200).path("queries").get(0);
    assertThat(query.path("errors").findValuesAsText("id"))
        .containsExactlyInAnyOrder("big", "loop", "mem", "throw");
  }
}
