package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged server starts, and how it refuses to. */
final class StartIT {
  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void nameData() {
    data = folder.resolve("data");
  }

  private ServerProcess.Builder server() {
    return ServerProcess.on(data);
  }

  /** Starts a server that must refuse to, and answers what it printed. */
  private static String refusal(ServerProcess.Builder builder) {
    try (ServerProcess server = builder.launch()) {
      assertThat(server.awaitExit()).as("exit code").isEqualTo(1);
      assertThat(server.log())
          .contains("Millrace cannot start: ")
          .doesNotContain("\tat ", "Exception");
      return server.log();
    }
  }

  @Test
  void emptyFolderBecomesADatabaseThatIsReady() {
    try (ServerProcess server = server().start()) {
      assertThat(data).isDirectory();
      assertThat(server.get("/q/health/live").statusCode()).isEqualTo(200);
      assertThat(server.get("/q/health/ready").body()).contains("\"sequence\": 0", "accepted");
    }
  }

  @Test
  void welcomeNamesTheNode() throws IOException {
    try (ServerProcess server = server().with("millrace.node", "box1.local").start()) {
      JsonNode welcome = new ObjectMapper().readTree(server.get("/").body());
      assertThat(welcome.path("millrace").asText()).isEqualTo("welcome");
      assertThat(welcome.path("node").asText()).isEqualTo("box1.local");
      assertThat(welcome.path("uuid").asText()).hasSize(36);
    }
  }

  @Test
  void metricsAndDescriptionAreServed() {
    try (ServerProcess server = server().start()) {
      assertThat(server.put("/films/1", "{\"title\":\"Metropolis\"}").statusCode()).isEqualTo(201);
      HttpResponse<String> metrics = server.get("/q/metrics");
      assertThat(metrics.statusCode()).isEqualTo(200);
      assertThat(metrics.body()).contains("millrace_", "jvm_memory_used_bytes");
      HttpResponse<String> description = server.get("/q/openapi");
      assertThat(description.statusCode()).isEqualTo(200);
      assertThat(description.body()).contains("openapi: 3");
    }
  }

  @Test
  void confFileIsWeakerThanTheEnvironmentAndThatThanOptions() throws IOException {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("application.properties"), "millrace.node=from-file\nmillrace.log.sync=os\n");
    try (ServerProcess server = server().start()) {
      assertThat(server.get("/").body()).contains("from-file");
    }
    try (ServerProcess server = server().environment("MILLRACE_NODE", "from-variable").start()) {
      assertThat(server.get("/").body()).contains("from-variable");
    }
    ServerProcess.Builder both =
        server().environment("MILLRACE_NODE", "from-variable").with("millrace.node", "from-option");
    try (ServerProcess server = both.start()) {
      assertThat(server.get("/").body()).contains("from-option");
    }
  }

  @Test
  void unknownKeyEndsTheStart() {
    assertThat(refusal(server().with("millrace.dato", "x")))
        .contains("millrace.dato", "millrace.data");
    assertThat(data).doesNotExist();
  }

  @Test
  void unknownKeyInTheConfFileEndsTheStart() throws IOException {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(conf.resolve("application.properties"), "millrace.log.sink=os\n");
    assertThat(refusal(server()))
        .contains("millrace.log.sink", "millrace.log.sync", "application.properties");
  }

  @Test
  void unknownVariableEndsTheStart() {
    assertThat(refusal(server().environment("MILLRACE_STORE_TIPE", "memory")))
        .contains("MILLRACE_STORE_TIPE", "MILLRACE_STORE_TYPE");
  }

  @Test
  void badValueEndsTheStart() {
    assertThat(refusal(server().with("millrace.log.sync", "sometimes")))
        .contains("millrace.log.sync", "sometimes", "always");
  }

  @Test
  void unknownStoreEndsTheStart() {
    assertThat(refusal(server().with("millrace.store.type", "paper")))
        .contains("paper", "memory, rocksdb");
  }

  @Test
  void otherStoreThanTheDatabaseWasMadeWithEndsTheStart() {
    try (ServerProcess server = server().start()) {
      server.stop();
    }
    assertThat(refusal(server().with("millrace.store.type", "memory")))
        .contains("rocksdb", "memory");
  }

  @Test
  void portInUseEndsTheStart() {
    try (ServerProcess first = server().start()) {
      String port = Integer.toString(first.uri("/").getPort());
      ServerProcess.Builder second =
          ServerProcess.on(folder.resolve("other")).with("quarkus.http.port", port);
      assertThat(refusal(second)).contains(port, "quarkus.http.port");
    }
  }

  @Test
  void secondServerOnTheSameDataIsRefusedSayingWhoHoldsIt() {
    try (ServerProcess first = server().start()) {
      assertThat(refusal(server())).contains(Long.toString(first.pid()));
      assertThat(first.get("/q/health/ready").statusCode()).isEqualTo(200);
    }
  }
}
