package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Documents are purged and bodies forgotten over HTTP, and no file of the log has them any more.
 */
final class ForgettingIT {
  private static final String QUERY = "/people/_query/by-name?term=%22Ann%22";

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

  @Test
  void purgedDocumentIsNowhere() throws IOException {
    Answer.json(
        server.post("/people/_query/by-name", "{\"map\":\"function(doc){ emit(doc.name, 1) }\"}"),
        201);
    String rev = "";
    for (int i = 0; i < 20; i++) {
      String body = "{\"name\":\"Ann\",\"illness\":\"measles " + i + "\"" + rev + "}";
      JsonNode written = Answer.tree(server.put("/people/ann", body).body());
      rev = ",\"rev\":\"" + written.path("rev").asText() + "\"";
    }
    Answer.json(server.put("/people/bob", "{\"name\":\"Bob\"}"), 201);
    assertThat(rows()).isEqualTo(1);

    JsonNode problem =
        Answer.problem(
            server.post("/people/_purge", "{\"ids\":[\"ann\",\"nobody\"]}"),
            404,
            "document-missing");
    assertThat(problem.path("ids").toString()).isEqualTo("[\"nobody\"]");
    Answer.problem(server.post("/nowhere/_purge", "{\"ids\":[\"a\"]}"), 404, "bucket-missing");
    Answer.problem(server.post("/people/_purge", "{\"ids\":[]}"), 422, "invalid-member");
    Answer.problem(server.post("/people/_purge", "{\"ids\":[\"_x\"]}"), 400, "invalid-id");

    JsonNode purged =
        Answer.json(
            server.post("/people/_purge?author=dpo&message=asked", "{\"ids\":[\"ann\"]}"), 200);
    assertThat(purged.path("purged").asInt()).isEqualTo(1);
    assertThat(server.get("/people/ann").statusCode()).isEqualTo(404);
    assertThat(server.get("/people/ann?at=5").statusCode()).isEqualTo(404);
    assertThat(rows()).isZero();
    Answer.json(server.post("/_system/compact", ""), 202);
    await("measles");
    assertThat(server.get("/_system/activity").body()).doesNotContain("\"ann\"");
    long reclaimed =
        Answer.json(server.get("/_system/info"), 200).path("data").path("reclaimed_bytes").asLong();
    assertThat(reclaimed).isPositive();
    assertThat(Answer.json(server.put("/people/ann", "{}"), 201).path("rev").asText())
        .startsWith("1-");
  }

  @Test
  void bucketKeepsWhatItsRetentionSays() throws IOException {
    String retention = "{\"retention\":{\"keep\":2,\"age\":\"PT0.001S\"}}";
    JsonNode made = Answer.json(server.put("/notes", retention), 201);
    assertThat(made.toString())
        .isEqualTo(
            "{\"name\":\"notes\",\"created\":true,\"seq\":1,"
                + "\"retention\":{\"keep\":2,\"age\":\"PT0.001S\"}}");
    Answer.json(server.put("/notes", "{\"retention\":{\"keep\":2}}"), 200);
    assertThat(Answer.json(server.put("/notes", "{}"), 200).has("retention")).isFalse();
    assertThat(Answer.json(server.get("/notes"), 200).path("retention").toString())
        .isEqualTo("{\"keep\":2}");
    assertRefused();
    String rev = "";
    String first = "";
    long seq = 0;
    for (int i = 0; i < 20; i++) {
      String filling = "chickenpox".repeat(i < 18 ? 10 : 0);
      String body = "{\"n\":" + i + ",\"text\":\"" + filling + "\"" + rev + "}";
      JsonNode written = Answer.tree(server.put("/notes/n", body).body());
      rev = ",\"rev\":\"" + written.path("rev").asText() + "\"";
      first = i == 0 ? written.path("rev").asText() : first;
      seq = i == 0 ? written.path("seq").asLong() : seq;
    }
    Answer.json(server.post("/_system/compact", ""), 202);
    await("chickenpox");
    assertForgotten(first, seq);
    JsonNode history = Answer.json(server.get("/notes/n/_history?body=true"), 200).path("history");
    assertThat(history).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(history.get(i).path("forgotten").asBoolean()).isEqualTo(i < 18);
      assertThat(history.get(i).has("document")).isEqualTo(i >= 18);
    }
    JsonNode blame = Answer.json(server.get("/notes/n/_blame"), 200).path("members");
    assertThat(blame.get(0).has("forgotten")).isFalse();
    assertThat(blame.get(1).path("forgotten").asBoolean()).isTrue();
    assertThat(Answer.json(server.get("/_system/log/verify"), 200).path("ok").asBoolean()).isTrue();
    Answer.json(server.put("/notes", "{\"retention\":null}"), 200);
    assertThat(Answer.json(server.get("/notes"), 200).has("retention")).isFalse();
  }

  private static void assertRefused() {
    Answer.problem(server.put("/notes", "{\"retention\":"), 400, "malformed-json");
    for (String wrong :
        new String[] {
          "[]",
          "{\"keep\":2}",
          "{\"retention\":3}",
          "{\"retention\":{}}",
          "{\"retention\":{\"keep\":0}}",
          "{\"retention\":{\"keep\":1.5}}",
          "{\"retention\":{\"keep\":99999999999}}",
          "{\"retention\":{\"keep\":2,\"more\":1}}",
          "{\"retention\":{\"age\":\"P1M\"}}",
          "{\"retention\":{\"age\":\"-P1D\"}}",
          "{\"retention\":{\"age\":\"P999999999999D\"}}",
          "{\"retention\":{\"age\":30}}"
        }) {
      Answer.problem(server.put("/never-made", wrong), 422, "invalid-retention");
    }
    Answer.problem(server.get("/never-made"), 404, "bucket-missing");
  }

  private static void assertForgotten(String rev, long seq) {
    for (String path :
        new String[] {
          "/notes/n?rev=" + rev,
          "/notes/n?at=" + seq,
          "/notes/_documents?at=" + seq,
          "/notes/_export?at=" + seq,
          "/notes/n/_diff?from=" + seq,
          "/notes/_diff?from=" + seq
        }) {
      JsonNode problem = Answer.problem(server.get(path), 404, "forgotten");
      assertThat(problem.path("detail").asText()).contains(rev).contains("document n ");
    }
    assertThat(server.get("/notes/_documents?body=false&at=" + seq).statusCode()).isEqualTo(200);
    for (String path : new String[] {"/notes/n/_rollback", "/notes/_rollback"}) {
      Answer.problem(server.post(path, "{\"to\":" + seq + "}"), 404, "forgotten");
    }
    Answer.problem(
        server.post("/notes/_rollback?dry_run=true", "{\"to\":" + seq + "}"), 404, "forgotten");
  }

  private static int rows() {
    return Answer.json(server.get(QUERY), 200).path("rows").size();
  }

  private static void await(String word) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (logHolds(word)
        || Answer.json(server.get("/_system/tasks"), 200)
            .path("tasks")
            .findValuesAsText("kind")
            .contains("compaction")) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static boolean logHolds(String word) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/log"))) {
      for (Path file : files.toList()) {
        if (!file.toString().endsWith(".new")
            && Files.exists(file)
            && Files.readString(file, StandardCharsets.ISO_8859_1).contains(word)) {
          return true;
        }
      }
    }
    return false;
  }
}
