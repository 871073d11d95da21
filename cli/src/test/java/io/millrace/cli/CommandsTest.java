package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.engine.Millrace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandsTest {
  @TempDir Path folder;
  private Path data;
  private Commands commands;

  @BeforeEach
  void begin() {
    data = folder.resolve("data");
    commands = new Commands(folder);
  }

  private void makeDatabase() {
    try (Database database =
        Millrace.in(data).log("file", Map.of()).store("memory", Map.of()).open()) {
      for (String title : new String[] {"Alien", "Heat"}) {
        database
            .bucket("films")
            .put(
                title,
                Base.absent(),
                Body.parse("{\"title\":\"" + title + "\"}"),
                Attribution.none())
            .toCompletableFuture()
            .join();
      }
    }
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void checkOfWhatIsWholeIsClean() throws IOException {
    makeDatabase();
    assertThat(commands.exits(0, "check", "data").out())
        .contains("log: 2 records in 2 commits", data + ": clean");
    JsonNode report = json(commands.exits(0, "check", "--json", data.toString()).out());
    assertThat(report.path("outcome").asText()).isEqualTo("clean");
    assertThat(report.path("log").path("records").asLong()).isEqualTo(2);
  }

  @Test
  void checkOfADamagedLogSaysWhatIsLost() throws IOException {
    makeDatabase();
    Path segment;
    try (Stream<Path> files = Files.list(data.resolve("log"))) {
      segment =
          files.filter(file -> file.toString().endsWith(".segment")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("{\"title\":\"Alien")] ^= 1;
    Files.write(segment, bytes);
    assertThat(commands.exits(4, "check", "data").out())
        .contains("lost: " + segment, "lost sequences: 1", "damaged");
  }

  @Test
  void whatFailsIsOneLineWithoutATrace() throws IOException {
    commands.exits(1, "check", "nothing");
    assertThat(commands.err())
        .isEqualTo(
            "millrace: there is no database in "
                + folder.resolve("nothing")
                + " [no-database]"
                + System.lineSeparator());
    commands.exits(1, "check", "--json", "nothing");
    assertThat(json(commands.out()).path("error").asText()).isEqualTo("no-database");
    assertThat(commands.exits(1, "check", "--debug", "nothing").err()).contains("\tat ");
  }

  @Test
  void senselessCommandLinesAreExplained() {
    assertThat(commands.exits(2, "check").err()).contains("DIR", "'millrace check --help'");
    assertThat(commands.exits(2, "chekc", "data").err()).contains("chekc");
    assertThat(commands.exits(2, "convert", "--from", "data", "--to", "b").err())
        .contains("--log", "--store");
    assertThat(commands.exits(2, "restore", "--from", "a").err()).contains("--to=DIR");
    assertThat(commands.exits(2, "backup", "--server", "http://a", "--data", "b", "c").err())
        .contains("mutually exclusive");
  }

  @Test
  void convertedDatabaseHasTheSameRecords() throws IOException {
    makeDatabase();
    JsonNode report =
        json(
            commands
                .exits(0, "convert", "--json", "--from", "data", "--to", "copy", "--log", "file")
                .out());
    assertThat(report.path("sequence").asLong()).isEqualTo(2);
    assertThat(report.path("documents").asLong()).isEqualTo(2);
    JsonNode check = json(commands.exits(0, "check", "--json", "copy").out());
    assertThat(check.path("log").path("digest")).isEqualTo(report.path("digest"));
    assertThat(
            commands.exits(1, "convert", "--from", "data", "--to", "x", "--store", "paper").err())
        .contains("'paper'", "memory");
  }

  @Test
  void backupOfAFolderIsRestored() {
    makeDatabase();
    assertThat(commands.exits(0, "backup", "--data", "data", "copy").out())
        .contains(folder.resolve("copy").toString(), "sequence 2");
    assertThat(commands.exits(0, "restore", "--from", "copy", "--to", "again").out())
        .contains("2 records");
    commands.exits(0, "check", "again");
    assertThat(commands.exits(1, "restore", "--from", "data", "--to", "third").err())
        .contains("no complete backup", "[no-backup]");
  }

  @Test
  void settingsComeFromTheCommandLineTheEnvironmentAndTheFile() throws IOException {
    makeDatabase();
    String key = "millrace.log.file.segment-size";
    String wrong = "a lot";
    assertThat(commands.exits(1, "check", "-D" + key + "=" + wrong, "data").err())
        .contains(key, wrong);
    Commands other = new Commands(folder).with("MILLRACE_LOG_FILE_SEGMENT_SIZE", wrong);
    assertThat(other.exits(1, "check", "data").err()).contains(key, wrong);
    other.exits(0, "check", "-D" + key + "=64MiB", "data");

    Path conf = Files.createDirectories(folder.resolve("conf"));
    Path file = Files.writeString(conf.resolve("application.properties"), key + "=" + wrong);
    assertThat(commands.exits(1, "check", "data").err()).contains(key, wrong);
    Path empty = Files.createFile(folder.resolve("empty.properties"));
    new Commands(folder).with("MILLRACE_CONF", empty.toString()).exits(0, "check", "data");
    Files.delete(file);
    assertThat(new Commands(folder).with("MILLRACE_CONF", "gone").exits(1, "check", "data").err())
        .contains("MILLRACE_CONF", folder.resolve("gone").toString());
  }

  @Test
  void unknownSettingOfTheCommandLineIsRefused() {
    makeDatabase();
    assertThat(commands.exits(1, "check", "-Dmillrace.http.port=1", "data").err())
        .contains("millrace.http.port", "docs/configuration.md");
  }

  @Test
  void versionListsTheModules() throws IOException {
    assertThat(commands.exits(0, "version").out()).startsWith("millrace ");
    JsonNode version = json(commands.exits(0, "version", "--json").out());
    assertThat(version.path("modules").findValuesAsText("name")).contains("file", "memory");
  }
}
