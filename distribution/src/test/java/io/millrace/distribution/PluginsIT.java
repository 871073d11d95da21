package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.distribution.plugins.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules that the authors of Millrace never saw, dropped into the packaged server. */
final class PluginsIT {
  private static final Path EXAMPLES = Path.of("..", "examples");

  @TempDir Path folder;
  private Path data;
  private Path plugins;

  @BeforeEach
  void nameFolders() throws IOException {
    data = folder.resolve("data");
    plugins = Files.createDirectories(folder.resolve("plugins"));
  }

  private ServerProcess.Builder server() {
    // The folder of plug-ins beside the data is where the server looks unless told otherwise.
    return ServerProcess.on(data);
  }

  /** Does what the guides say: copies the folder that the example's build made. */
  private void drop(String example) throws IOException {
    Path built = EXAMPLES.resolve(example).resolve(Path.of("target", "plugin", example));
    assertThat(built)
        .as("made by ./mvnw -DskipTests -pl examples/%s -am package", example)
        .isDirectory();
    Path plugin = Files.createDirectory(plugins.resolve(example));
    try (Stream<Path> jars = Files.list(built)) {
      for (Path jar : jars.toList()) {
        Files.copy(jar, plugin.resolve(jar.getFileName()));
      }
    }
  }

  private static JsonNode module(ServerProcess server, String kind, String name) {
    for (JsonNode module : Answer.json(server.get("/_system/info"), 200).path("modules")) {
      if (module.path("kind").asText().equals(kind) && module.path("name").asText().equals(name)) {
        return module;
      }
    }
    throw server.failure("no " + kind + " called " + name, null);
  }

  /** Starts a server that must refuse to, before it has touched anything, and answers why. */
  private String refusal(ServerProcess.Builder builder) {
    try (ServerProcess server = builder.launch()) {
      assertThat(server.awaitExit()).as("exit code").isEqualTo(1);
      assertThat(server.log())
          .contains("Millrace cannot start: ")
          .doesNotContain("\tat ", "Listening on");
      assertThat(data).doesNotExist();
      return server.log();
    }
  }

  @Test
  void storeOfAPluginKeepsADatabase() throws IOException {
    drop("mvstore-store");
    ServerProcess.Builder choice =
        server()
            .with("millrace.store.type", "mvstore")
            .with("millrace.store.mvstore.cache-size", "16MiB");
    try (ServerProcess server = choice.start()) {
      Answer.json(server.put("/films/alien", "{\"title\":\"Alien\"}"), 201);
      Answer.json(server.put("/films/heat", "{\"title\":\"Heat\"}"), 201);
      assertThat(server.stop()).isEqualTo(ServerProcess.ENDED_IN_ORDER);
    }
    assertThat(data.resolve("store").resolve("rows.mv")).exists();
    try (ServerProcess server = choice.start()) {
      assertThat(Answer.json(server.get("/films/alien"), 200).path("title").asText())
          .isEqualTo("Alien");
      Answer.json(server.put("/films/jaws", "{\"title\":\"Jaws\"}"), 201);
      server.kill();
    }
    try (ServerProcess server = choice.start()) {
      assertThat(Answer.json(server.get("/films"), 200).path("documents").asInt()).isEqualTo(3);
      JsonNode module = module(server, "store", "mvstore");
      assertThat(module.path("version").asText()).isEqualTo("1.0.0");
      assertThat(module.path("format").asInt()).isEqualTo(1);
      assertThat(module.path("chosen").asBoolean()).isTrue();
      assertThat(Path.of(module.path("origin").asText()).getFileName())
          .hasToString("mvstore-store-1.0.0.jar");
      assertThat(server.log())
          .contains("Module: store mvstore, version 1.0.0, format 1, plugins", ", chosen");
    }
  }

  @Test
  void viewOfAPluginAnswersQueries() throws IOException {
    drop("word-index-view");
    try (ServerProcess server = server().start()) {
      Answer.json(server.put("/films/1", "{\"title\":\"The Third Man\"}"), 201);
      Answer.json(
          server.post("/films/_query/titles", "{\"type\":\"words\",\"field\":\"title\"}"), 201);
      Answer.json(server.put("/films/2", "{\"title\":\"Man on the Moon\"}"), 201);
      JsonNode both = Answer.json(server.get("/films/_query/titles/search?words=the+man"), 200);
      assertThat(both.path("rows").findValuesAsText("id")).containsExactly("1", "2");
      JsonNode one = Answer.json(server.get("/films/_query/titles?term=%22moon%22"), 200);
      assertThat(one.path("rows").findValuesAsText("id")).containsExactly("2");
      Answer.problem(
          server.post("/films/_query/wrong", "{\"type\":\"words\"}"), 422, "invalid-definition");
      assertThat(module(server, "view", "words").path("origin").asText())
          .contains("word-index-view");
      server.stop();
    }
    try (ServerProcess server = server().start()) {
      JsonNode count = Answer.tree(server.get("/films/_query/titles/count").body());
      assertThat(count.asInt()).isEqualTo(7);
    }
  }

  @Test
  void ownModulesAreBuiltInAndSayTheirVersions() {
    try (ServerProcess server = server().start()) {
      String version = Answer.json(server.get("/"), 200).path("version").asText();
      for (JsonNode module : Answer.json(server.get("/_system/info"), 200).path("modules")) {
        assertThat(module.path("origin").asText()).as("%s", module).isEqualTo("built in");
        assertThat(module.path("version").asText()).as("%s", module).isEqualTo(version);
      }
      assertThat(module(server, "store", "rocksdb").path("chosen").asBoolean()).isTrue();
      assertThat(module(server, "store", "memory").path("chosen").asBoolean()).isFalse();
    }
  }

  @Test
  void nameThatIsClaimedTwiceEndsTheStartWhicheverIsChosen() throws IOException {
    new PluginJar()
        .store("twin", Map.of("NAME", "return \"rocksdb\";"))
        .write(plugins.resolve("twin").resolve("twin.jar"));
    assertThat(refusal(server().with("millrace.store.type", "memory")))
        .contains("more than one store module is called 'rocksdb'", "(built in)", "twin.jar")
        .contains("[duplicate-module]");
  }

  @Test
  void unknownNameEndsTheStartWithThoseThatAreThere() throws IOException {
    drop("mvstore-store");
    assertThat(refusal(server().with("millrace.store.type", "mvstor")))
        .contains("'mvstor'", "mvstore", "rocksdb", "[unknown-module]");
  }

  @Test
  void brokenPluginEndsTheStartByItsName() throws IOException {
    Files.createDirectories(plugins.resolve("half"));
    Files.writeString(plugins.resolve("half").resolve("half.jar"), "cut off");
    assertThat(refusal(server())).contains("'half'", "half.jar cannot be read", "[broken-plugin]");
  }

  @Test
  void pluginForAnotherServerEndsTheStartByItsName() throws IOException {
    new PluginJar()
        .store("later", Map.of("SPI", "99"))
        .write(plugins.resolve("later").resolve("later.jar"));
    assertThat(refusal(server())).contains("'later'", "version 99", "[other-spi-version]");
  }

  @Test
  void pluginThatFailsToOpenEndsTheStartByItsName() throws IOException {
    new PluginJar()
        .store("failing", Map.of("OPEN", "throw new IllegalStateException(\"no luck\");"))
        .write(plugins.resolve("failing").resolve("failing.jar"));
    try (ServerProcess server = server().with("millrace.store.type", "failing").launch()) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.log())
          .contains("'failing'", "no luck", "[broken-plugin]")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void unknownSettingOfAPluginEndsTheStart() throws IOException {
    drop("mvstore-store");
    assertThat(refusal(server().with("millrace.store.mvstore.cash-size", "1MiB")))
        .contains("millrace.store.mvstore.cash-size", "millrace.store.mvstore.cache-size");
  }
}
