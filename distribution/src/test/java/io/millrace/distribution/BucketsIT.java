package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BucketsIT {
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

  private static int put(String path) {
    return server.send(server.request(path).PUT(BodyPublishers.noBody())).statusCode();
  }

  @Test
  void bucketIsMadeOnceAndASlashBehindItChangesNothing() {
    assertThat(put("/made")).isEqualTo(201);
    assertThat(put("/made")).isEqualTo(200);
    assertThat(put("/made/")).isEqualTo(200);
    JsonNode info = Answer.json(server.get("/made/"), 200);
    assertThat(info.path("name").asText()).isEqualTo("made");
    assertThat(info.path("documents").asLong(-1)).isZero();
    assertThat(info.path("created").asText()).isNotEmpty();
    Answer.json(server.post("/made/", "{}"), 201);
  }

  @Test
  void infoCountsDocuments() {
    Answer.json(server.post("/counted", "[{\"id\":\"a\",\"x\":1},{\"id\":\"b\"}]"), 201);
    String rev = Answer.json(server.get("/counted/b"), 200).path("rev").asText();
    JsonNode deleted = Answer.json(server.delete("/counted/b?rev=" + rev), 200);
    JsonNode info = Answer.json(server.get("/counted"), 200);
    assertThat(info.path("documents").asLong()).isEqualTo(1);
    assertThat(info.path("deleted").asLong()).isEqualTo(1);
    assertThat(info.path("sequence").asLong()).isEqualTo(deleted.path("seq").asLong());
    assertThat(info.path("bytes").asLong()).isPositive();
  }

  @Test
  void droppedBucketIsGoneAndMayComeBackEmpty() {
    JsonNode written = Answer.json(server.put("/drop/d", "{}"), 201);
    JsonNode dropped = Answer.json(server.delete("/drop"), 200);
    assertThat(dropped.path("seq").asLong()).isEqualTo(written.path("seq").asLong() + 1);
    Answer.problem(server.get("/drop"), 404, "bucket-missing");
    Answer.problem(server.get("/drop/d"), 404, "bucket-missing");
    Answer.problem(server.delete("/drop"), 404, "bucket-missing");
    assertThat(put("/drop")).isEqualTo(201);
    assertThat(Answer.json(server.get("/drop"), 200).path("documents").asLong(-1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a0_$()+-", "a%2Bb"})
  void namesWithinTheRulesAreTaken(String name) {
    assertThat(put("/" + name)).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "1a", "a.b", "a%2Fb", "%2E%2E", "..", "a%20b", "%C3%A9", "a%00"})
  void otherNamesAreRefused(String name) {
    Answer.problem(
        server.send(server.request("/" + name).PUT(BodyPublishers.noBody())),
        400,
        "invalid-bucket-name");
  }

  @Test
  void longestNameIsTakenAndALongerOneIsNot() {
    assertThat(put("/" + "a".repeat(238))).isEqualTo(201);
    assertThat(put("/" + "a".repeat(239))).isEqualTo(400);
  }

  @Test
  void writesToMissingBucketsAreRefusedWhereTheOperatorWantsIt() {
    try (ServerProcess strict =
        ServerProcess.on(folder.resolve("strict"))
            .with("millrace.buckets.auto-create", "false")
            .start()) {
      Answer.problem(strict.put("/none/d", "{}"), 404, "bucket-missing");
      Answer.problem(strict.post("/none", "[{}]"), 404, "bucket-missing");
      strict.send(strict.request("/none").PUT(BodyPublishers.noBody()));
      Answer.json(strict.put("/none/d", "{}"), 201);
    }
  }
}
