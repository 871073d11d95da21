package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries on queries, building them again, questions without definitions, and what is refused. */
final class QueryPipelineIT {
  private static final String GENRES =
      "{\"map\":\"function(doc){ for (const g of doc.genres) emit(g, doc.year) }\"}";
  private static final String DECADES =
      "{\"from\":\"genres\",\"map\":\"function(doc){ for (const r of doc.rows)"
          + " emit([r.key, Math.floor(r.value / 10) * 10], 1) }\"}";

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server = ServerProcess.on(folder.resolve("data")).start();
    Answer.json(
        server.post(
            "/films",
            "[{\"id\":\"1\",\"title\":\"Alien\",\"year\":1979,\"genres\":[\"horror\",\"sf\"]},"
                + "{\"id\":\"2\",\"title\":\"Brazil\",\"year\":1985,\"genres\":[\"sf\"]}]"),
        201);
    Answer.json(server.post("/films/_query/genres", GENRES), 201);
    Answer.json(server.post("/films/_query/decades", DECADES), 201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> keys(String path) {
    List<String> keys = new ArrayList<>();
    Answer.json(server.get(path), 200)
        .path("rows")
        .forEach(row -> keys.add(row.path("key").toString()));
    return keys;
  }

  @Test
  void aQueryTakesTheRowsOfAnother() {
    assertThat(keys("/films/_query/decades"))
        .containsExactly("[\"horror\",1970]", "[\"sf\",1970]", "[\"sf\",1980]");
    for (int year = 1990; year < 2000; year++) {
      Answer.json(server.post("/films", "{\"genres\":[\"drama\"],\"year\":" + year + "}"), 201);
      assertThat(keys("/films/_query/decades?term=%5B%22drama%22,1990%5D")).hasSize(year - 1989);
    }
    for (JsonNode query : Answer.json(server.get("/films/_query"), 200).path("queries")) {
      assertThat(query.path("from").asText())
          .isEqualTo(query.path("name").asText().equals("decades") ? "genres" : "");
      assertThat(query.path("definition").has("from")).isFalse();
    }
  }

  @Test
  void aQueryTakesTheRowsThatAnotherReduces() {
    Answer.json(
        server.post(
            "/reduced",
            "[{\"year\":1979,\"genres\":[\"sf\"]},{\"year\":1985,\"genres\":[\"sf\"]}]"),
        201);
    String counted = GENRES.replace("}\"}", "}\",\"reduce\":\"count\"}");
    Answer.json(server.post("/reduced/_query/counted", counted), 201);
    String child = "{\"from\":\"counted\",\"type\":\"index\",\"key\":\"rows.*.value\"}";
    Answer.json(server.post("/reduced/_query/from-counted", child), 201);
    assertThat(keys("/reduced/_query/from-counted")).containsExactly("1979", "1985");
    JsonNode reduced = Answer.json(server.get("/reduced/_query/counted?include=document"), 200);
    assertThat(reduced.path("rows").get(0).has("document")).isFalse();
  }

  @Test
  void badInputsOfQueriesAreRefusedWithTheReason() {
    assertRefused("x", "{\"from\":\"nothing\",\"map\":\"function(doc){}\"}", "nothing");
    assertRefused("x", "{\"from\":\"x\",\"map\":\"function(doc){}\"}", "its own rows");
    assertRefused("x", "{\"from\":[],\"map\":\"function(doc){}\"}", "from");
    assertRefused(
        "genres", "{\"from\":\"decades\",\"map\":\"function(doc){}\"}", "from genres itself");
    assertThat(server.get("/films/_query/x").statusCode()).isEqualTo(404);
  }

  @Test
  void badDefinitionsAreRefusedWithTheReason() {
    assertRefused("x", "{\"type\":\"nosuch\",\"map\":\"function(doc){}\"}", "nosuch");
    assertRefused("x", "{\"type\":7}", "type");
    assertRefused("x", "{}", "map");
    assertRefused("x", "{\"map\":\"function(doc){\"}", "map");
    assertThat(server.get("/films/_query/x").statusCode()).isEqualTo(404);
    Answer.problem(server.post("/films/_query/x", "[]"), 422, "not-an-object");
    Answer.problem(server.post("/films/_query/x", "{"), 400, "malformed-json");
    Answer.problem(server.post("/films/_query/-x", GENRES), 400, "invalid-query-name");
  }

  private static void assertRefused(String name, String definition, String reason) {
    JsonNode problem =
        Answer.problem(server.post("/films/_query/" + name, definition), 422, "invalid-definition");
    assertThat(problem.path("detail").asText()).contains(reason);
  }

  @Test
  void badParametersAreRefusedByName() {
    assertParameter("term=word", "term");
    assertParameter("term=", "term");
    assertParameter("term=1e99999999999", "term");
    Answer.problem(
        server.post("/films/_query/genres/rows", "{\"term\":1e99999999999}"),
        400,
        "number-too-long");
    assertParameter("limit=-1", "limit");
    assertParameter("limit=x", "limit");
    assertParameter("start=%22b%22&end=%22a%22", "start");
    assertParameter("consistency=strong", "consistency");
    assertParameter("at_least=-1", "at_least");
    assertParameter("timeout=soon", "timeout");
    assertParameter("reverse=perhaps", "reverse");
    JsonNode unknown =
        Answer.problem(server.get("/films/_query/genres?trem=1"), 400, "unknown-parameter");
    assertThat(unknown.path("detail").asText()).contains("trem").contains("term");
    JsonNode method =
        Answer.problem(server.get("/films/_query/genres/nosuch"), 404, "method-missing");
    assertThat(method.path("detail").asText()).contains("rows");
    Answer.problem(server.get("/films/_query/nosuch"), 404, "unknown-query");
    Answer.problem(server.get("/films/_query/nosuch/rows"), 404, "query-missing");
  }

  private static void assertParameter(String query, String name) {
    JsonNode problem =
        Answer.problem(server.get("/films/_query/genres?" + query), 400, "invalid-parameter");
    assertThat(problem.path("detail").asText()).contains("'" + name + "'");
  }

  @Test
  void queriesAreBuiltAgainWhileTheyAnswer() {
    JsonNode bucket = Answer.json(server.post("/films/_query/_rebuild", ""), 202);
    assertThat(bucket.path("count").asInt()).isEqualTo(2);
    assertThat(bucket.path("rebuilding").toString())
        .isEqualTo(
            "[{\"bucket\":\"films\",\"name\":\"decades\"},{\"bucket\":\"films\",\"name\":\"genres\"}]");
    assertThat(keys("/films/_query/genres?term=%22horror%22")).hasSize(1);
    JsonNode all = Answer.json(server.post("/_system/rebuild", ""), 202);
    assertThat(all.path("rebuilding").size()).isGreaterThanOrEqualTo(2);
    assertThat(keys("/films/_query/decades?term=%5B%22horror%22,1970%5D")).hasSize(1);
    Answer.json(server.post("/films/_query/genres/_rebuild", ""), 202);
    Answer.problem(server.post("/films/_query/nosuch/_rebuild", ""), 404, "unknown-query");
    Answer.problem(server.post("/nosuch/_query/_rebuild", ""), 404, "bucket-missing");
    Answer.problem(server.post("/_system/rebuild?force=true", ""), 400, "invalid-parameter");
    assertThat(Answer.json(server.get("/_system/tasks"), 200).has("tasks")).isTrue();
    HttpResponse<String> read = server.get("/_system/rebuild");
    Answer.problem(read, 405, "method-not-allowed");
    assertThat(Answer.header(read, "Allow")).isEqualTo("OPTIONS, POST");
  }

  @Test
  void questionsAreAnsweredWithOrWithoutAnIndex() {
    Answer.json(
        server.post(
            "/shops", "[{\"id\":\"a\",\"city\":\"Graz\"},{\"id\":\"b\",\"city\":\"Linz\"}]"),
        201);
    String question = "{\"query\":[{\"$filter\":{\"city\":\"Graz\"}},{\"$map\":\"id\"}]";
    JsonNode scanned = Answer.json(server.post("/shops/_find", question + "}"), 200);
    assertThat(scanned.path("results").toString()).isEqualTo("[\"a\"]");
    assertThat(scanned.path("sequence").asLong()).isPositive();
    Answer.json(server.post("/shops/_query/by-city", "{\"type\":\"index\",\"key\":\"city\"}"), 201);
    awaitReady("/shops", "by-city");
    Answer.json(server.post("/shops", "{\"id\":\"c\",\"city\":\"Graz\"}"), 201);
    JsonNode found = Answer.json(server.post("/shops/_find", question + "}"), 200);
    assertThat(found.path("results").toString()).isEqualTo("[\"a\",\"c\"]");
    assertThat(found.path("count").asInt()).isEqualTo(2);
    JsonNode how = Answer.json(server.post("/shops/_find", question + ",\"explain\":true}"), 200);
    assertThat(how.path("index").asText()).isEqualTo("by-city");
    assertThat(
            Answer.lines(
                server.send(
                    server
                        .request("/shops/_find?limit=1")
                        .header("Accept", "application/x-ndjson")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(question + "}"))),
                200))
        .extracting(JsonNode::asText)
        .containsExactly("a");
    String beyondKeys = "{\"id\":\"d\",\"city\":\"" + "x".repeat(70_000) + "\"}";
    Answer.json(server.post("/shops", beyondKeys), 201);
    String above = "{\"query\":[{\"$filter\":{\"city\":{\"$gt\":\"M\"}}},{\"$map\":\"id\"}]}";
    assertThat(Answer.json(server.post("/shops/_find", above), 200).path("results").toString())
        .as("a document that has no row in the index")
        .isEqualTo("[\"d\"]");
  }

  /** Until then it is no index that questions are answered with. */
  private static void awaitReady(String bucket, String query) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String state = "";
    while (!state.equals("ready")) {
      assertThat(System.nanoTime()).as("%s is %s", query, state).isLessThan(end);
      for (JsonNode each : Answer.json(server.get(bucket + "/_query"), 200).path("queries")) {
        state = each.path("name").asText().equals(query) ? each.path("state").asText() : state;
      }
    }
  }

  @Test
  void questionsThatMakeNoSenseAreRefused() {
    Answer.problem(server.post("/films/_find", "{\"querry\":[]}"), 400, "unknown-parameter");
    Answer.problem(server.post("/films/_find", "[]"), 422, "not-an-object");
    Answer.problem(server.post("/films/_find", "{"), 400, "malformed-json");
    Answer.problem(server.post("/nosuch/_find", "{\"query\":[]}"), 404, "bucket-missing");
    Answer.problem(
        server.post("/films/_find", "{\"query\":[],\"limit\":-1}"), 400, "invalid-parameter");
    Answer.problem(
        server.post("/films/_find?explain=yes", "{\"query\":[]}"), 400, "invalid-parameter");
    assertThat(server.get("/films/_find").statusCode()).isEqualTo(405);
  }
}
