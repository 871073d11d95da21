package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.engine.Millrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document with branches, as replication leaves them, seen over HTTP. */
final class ConflictsIT {
  private static final Revision LESSER = new Revision(2, 1, 1);
  private static final Revision GREATER = new Revision(2, 1, 2);
  private static final Revision GONE = new Revision(2, 1, 3);

  @TempDir static Path folder;
  private static ServerProcess server;
  private static String winner;

  @BeforeAll
  static void branchAndStart() throws Exception {
    Path data = folder.resolve("data");
    try (Database database = Millrace.open(data)) {
      commit(database, CommitKind.WRITE, put(Base.absent(), "{\"v\":1}"));
      Revision first = current(database);
      commit(database, CommitKind.WRITE, put(Base.of(first), "{\"v\":2}"));
      commit(database, CommitKind.WRITE, put(Base.of(current(database)), "{\"v\":3}"));
      winner = current(database).toString();
      commit(database, CommitKind.REPLICATED, insert(LESSER, first, "{\"v\":\"lesser\"}"));
      commit(database, CommitKind.REPLICATED, insert(GREATER, first, "{\"v\":\"greater\"}"));
      commit(
          database,
          CommitKind.REPLICATED,
          new Edit.Insert("films", "alien", List.of(GONE, first), true, Body.EMPTY));
    }
    server = ServerProcess.on(data).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Revision current(Database database) {
    return database.bucket("films").find("alien").map(Document::revision).orElseThrow();
  }

  private static Edit put(Base base, String json) {
    return new Edit.Put("films", "alien", base, Body.parse(json));
  }

  private static Edit insert(Revision revision, Revision parent, String json) {
    return new Edit.Insert("films", "alien", List.of(revision, parent), false, Body.parse(json));
  }

  private static void commit(Database database, CommitKind kind, Edit edit) throws Exception {
    CommitRequest request = new CommitRequest(List.of(edit), Attribution.none(), kind);
    CommitOutcome outcome =
        database.commit(request).toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
  }

  @Test
  void liveLeavesThatLostAreShownGreatestFirstWhenAskedFor() {
    JsonNode plain = Answer.json(server.get("/films/alien"), 200);
    assertThat(plain.path("v").asInt()).isEqualTo(3);
    assertThat(plain.has("conflicts")).isFalse();
    JsonNode asked = Answer.json(server.get("/films/alien?conflicts=true"), 200);
    assertThat(asked.path("rev").asText()).isEqualTo(winner);
    assertThat(texts(asked.path("conflicts")))
        .containsExactly(GREATER.toString(), LESSER.toString());
    assertThat(asked.path("v").asInt()).isEqualTo(3);
  }

  @Test
  void eachBranchCanBeReadByItsRevision() {
    JsonNode loser = Answer.json(server.get("/films/alien?rev=" + LESSER), 200);
    assertThat(loser.path("v").asText()).isEqualTo("lesser");
    assertThat(loser.path("rev").asText()).isEqualTo(LESSER.toString());
    Answer.problem(server.get("/films/alien?rev=" + GONE), 404, "document-deleted");
  }

  @Test
  void aDocumentWithoutBranchesHasAnEmptyList() {
    Answer.json(server.put("/films/aliens", "{\"v\":1}"), 201);
    JsonNode asked = Answer.json(server.get("/films/aliens?conflicts=true"), 200);
    assertThat(asked.path("conflicts").isArray()).isTrue();
    assertThat(asked.path("conflicts")).isEmpty();
  }

  @Test
  void aMemberOfTheSameNameIsNeverMistakenForTheConflicts() {
    Answer.json(server.put("/films/war", "{\"conflicts\":[\"1914\"]}"), 201);
    Answer.problem(server.get("/films/war?conflicts=true"), 422, "contradicting-members");
    JsonNode plain = Answer.json(server.get("/films/war"), 200);
    assertThat(texts(plain.path("conflicts"))).containsExactly("1914");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
