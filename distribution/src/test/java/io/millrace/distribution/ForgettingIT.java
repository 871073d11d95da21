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

/** Documents are purged over HTTP, and no file of the log has them any more. */
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
    await();
    assertThat(server.get("/_system/activity").body()).doesNotContain("\"ann\"");
    long reclaimed =
        Answer.json(server.get("/_system/info"), 200).path("data").path("reclaimed_bytes").asLong();
    assertThat(reclaimed).isPositive();
    assertThat(Answer.json(server.put("/people/ann", "{}"), 201).path("rev").asText())
        .startsWith("1-");
  }

  private static int rows() {
    return Answer.json(server.get(QUERY), 200).path("rows").size();
  }

  private static void await() throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (holdsMeasles()
        || Answer.json(server.get("/_system/tasks"), 200)
            .path("tasks")
            .findValuesAsText("kind")
            .contains("compaction")) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static boolean holdsMeasles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/log"))) {
      for (Path file : files.toList()) {
        if (!file.toString().endsWith(".new")
            && Files.exists(file)
            && Files.readString(file, StandardCharsets.ISO_8859_1).contains("measles")) {
          return true;
        }
      }
    }
    return false;
  }
}
