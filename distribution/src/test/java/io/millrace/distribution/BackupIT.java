package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.maintenance.Check;
import io.millrace.engine.maintenance.CheckReport.Outcome;
import io.millrace.engine.maintenance.Restore;
import io.millrace.engine.maintenance.Workshop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is made over HTTP, restored, and served. */
final class BackupIT {
  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server =
        ServerProcess.on(folder.resolve("data"))
            .with("millrace.backup.folder", folder.resolve("backups").toString())
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void restoredServerAnswersAsTheSourceDid() {
    for (int i = 0; i < 50; i++) {
      Answer.json(server.put("/films/f" + i, "{\"n\":" + i + "}"), 201);
    }
    JsonNode first = Answer.json(server.post("/_system/backup", "{\"to\":\"nightly\"}"), 201);
    assertThat(first.path("to").asText()).isEqualTo("nightly");
    assertThat(first.path("bytes").asLong()).isGreaterThanOrEqualTo(first.path("linked").asLong());
    Answer.json(server.put("/films/one-more", "{}"), 201);
    JsonNode second = Answer.json(server.post("/_system/backup", "{\"to\":\"nightly\"}"), 201);
    assertThat(second.path("seq").asLong()).isEqualTo(first.path("seq").asLong() + 1);
    String documents = server.get("/films/_documents").body();
    JsonNode tasks = Answer.json(server.get("/_system/tasks"), 200);
    assertThat(tasks.path("tasks").findValuesAsText("kind")).doesNotContain("backup");

    Path restored = folder.resolve("restored");
    Workshop workshop = new Workshop(Clock.systemUTC(), new Random());
    new Restore(workshop).run(folder.resolve("backups/nightly"), restored);
    assertThat(new Check(workshop, restored).run().outcome()).isEqualTo(Outcome.CLEAN);
    try (ServerProcess copy = ServerProcess.on(restored).start()) {
      assertThat(copy.get("/films/_documents").body()).isEqualTo(documents);
      assertThat(Answer.json(copy.get("/"), 200).path("uuid"))
          .isNotEqualTo(Answer.json(server.get("/"), 200).path("uuid"));
    }
  }

  @Test
  void nothingLeadsOutOfTheFolder() {
    for (String to :
        List.of("..", "../x", "a/b", "a\\\\b", "/tmp/x", "", ".hidden", "a\\u0000b", "~", "C:x")) {
      Answer.problem(
          server.post("/_system/backup", "{\"to\":\"" + to + "\"}"), 422, "invalid-member");
    }
    for (String body : List.of("{}", "[]", "{\"to\":1}", "{\"to\":\"a\",\"more\":1}")) {
      Answer.problem(server.post("/_system/backup", body), 422, "invalid-member");
    }
    Answer.problem(server.post("/_system/backup", "{"), 400, "malformed-json");
  }

  @Test
  void folderWithSomethingElseIsRefused() throws Exception {
    Path letters = Files.createDirectories(folder.resolve("backups/letters"));
    Files.writeString(letters.resolve("letter"), "dear");
    Answer.problem(server.post("/_system/backup", "{\"to\":\"letters\"}"), 422, "not-a-backup");
    assertThat(letters.resolve("letter")).hasContent("dear");
  }

  @Test
  void withoutAFolderClientsMakeNoBackups() {
    try (ServerProcess plain = ServerProcess.on(folder.resolve("plain")).start()) {
      JsonNode problem =
          Answer.problem(plain.post("/_system/backup", "{\"to\":\"x\"}"), 403, "no-backup-folder");
      assertThat(problem.path("detail").asText()).contains("millrace.backup.folder");
    }
  }
}
