package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemIT {
  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server =
        ServerProcess.on(folder.resolve("data")).with("millrace.benchmark.no-op", "true").start();
    Answer.json(server.put("/sys1/d", "{}"), 201);
    Answer.json(server.put("/sys2/d", "{}"), 201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void rootSaysWhichServerThisIs() {
    JsonNode welcome = Answer.json(server.get("/"), 200);
    assertThat(welcome.path("millrace").asText()).isEqualTo("welcome");
    assertThat(welcome.path("version").asText()).isNotEmpty();
    assertThat(welcome.path("node").asText()).isNotEmpty();
    assertThat(welcome.path("uuid").asText()).hasSize(36);
  }

  @Test
  void infoNamesModulesAndSizes() {
    JsonNode info = Answer.json(server.get("/_system/info"), 200);
    assertThat(info.path("sequence").asLong()).isPositive();
    assertThat(info.path("uptime_ms").asLong()).isPositive();
    assertThat(info.path("jdk").path("version").asText()).isNotEmpty();
    assertThat(info.path("data").path("log_bytes").asLong()).isPositive();
    assertThat(info.path("modules").findValuesAsText("name")).contains("file", "rocksdb", "js");
  }

  @Test
  void bucketsAndTasksAreListed() {
    JsonNode buckets = Answer.json(server.get("/_system/buckets"), 200);
    assertThat(buckets.path("count").asInt()).isEqualTo(buckets.path("buckets").size());
    assertThat(buckets.path("buckets").findValuesAsText("name")).contains("sys1", "sys2");
    assertThat(Answer.json(server.get("/_system/tasks"), 200).path("tasks").isArray()).isTrue();
  }

  @Test
  void activityOfAllBucketsNamesThem() {
    JsonNode activity = Answer.json(server.get("/_system/activity"), 200).path("activity");
    assertThat(activity.findValuesAsText("bucket")).contains("sys1", "sys2");
  }

  @Test
  void openApiDescribesTheResources() {
    String description = server.get("/q/openapi?format=json").body();
    JsonNode paths = Answer.tree(description).path("paths");
    assertThat(paths.has("/{bucket}/{id}")).isTrue();
    assertThat(paths.path("/{bucket}/_activity").path("get").path("summary").asText()).isNotEmpty();
    assertThat(description).doesNotContain("no-op");
  }

  @Test
  void noOpIsThereOnlyWhenAskedFor() {
    assertThat(server.get("/_system/no-op").body()).isEqualTo("{\"ok\":true}");
    assertThat(server.put("/_system/no-op", "{}").body()).isEqualTo("{\"ok\":true}");
    assertThat(server.post("/_system/no-op", "{}").body()).isEqualTo("{\"ok\":true}");
    try (ServerProcess plain = ServerProcess.on(folder.resolve("plain")).start()) {
      Answer.problem(plain.get("/_system/no-op"), 404, "no-such-resource");
      Answer.problem(plain.put("/_system/no-op", "{}"), 404, "no-such-resource");
    }
  }
}
