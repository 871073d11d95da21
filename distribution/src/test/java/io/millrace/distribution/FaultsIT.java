package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.distribution.LogFaults.Call;
import io.millrace.distribution.LogFaults.Fate;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told when the log below fails or keeps the server waiting. */
final class FaultsIT {
  @TempDir static Path folder;
  private static LogFaults faults;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    faults = new LogFaults();
    server = faults.plugInto(ServerProcess.on(folder.resolve("data")), folder).start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    faults.close();
  }

  @AfterEach
  void heal() throws Exception {
    faults.set(Call.APPEND, Fate.DONE);
    faults.set(Call.READ, Fate.DONE);
    awaitWritable();
  }

  /** Until the log is open again, writes are refused as what can be tried again. */
  private static void awaitWritable() {
    long deadline = System.nanoTime() + ServerProcess.PATIENCE.toNanos();
    HttpResponse<String> answer = server.post("/healed", "{}");
    while (answer.statusCode() == 503) {
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      if (System.nanoTime() > deadline) {
        throw server.failure("writes are refused: " + answer.body(), null);
      }
      answer = server.post("/healed", "{}");
    }
    Answer.json(answer, 201);
  }

  private static CompletableFuture<HttpResponse<String>> putLater(String path, String json) {
    return server
        .client()
        .sendAsync(
            server
                .request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))
                .build(),
            BodyHandlers.ofString());
  }

  /** Checks that the log has the error under the id that the client was told. */
  private static void assertLogged(JsonNode problem, String what) {
    String id = problem.path("id").asText();
    assertThat(id).isNotEmpty();
    assertThat(problem.path("detail").asText()).contains(id);
    // The line is printed before the answer is sent, and read by another thread than this one.
    String logged = server.awaitLog("error id " + id);
    assertThat(logged.substring(logged.indexOf("error id " + id))).contains(what);
  }

  @Test
  void anUnexpectedErrorIsLoggedUnderTheIdThatTheClientIsTold() throws Exception {
    Answer.json(server.put("/defect/a", "{}"), 201);
    faults.set(Call.READ, Fate.DEFECT);
    HttpResponse<String> one = server.get("/defect/a");
    HttpResponse<String> other = server.get("/defect/a");
    JsonNode problem = Answer.problem(one, 500, "internal");
    assertLogged(problem, "IllegalStateException: a defect with the secret word swordfish");
    assertThat(one.body()).doesNotContain("swordfish", "Exception", "\\tat ", "io.millrace");
    JsonNode second = Answer.problem(other, 500, "internal");
    assertThat(second.path("id")).isNotEqualTo(problem.path("id"));
    assertLogged(second, "swordfish");
    faults.set(Call.READ, Fate.DONE);
    Answer.json(server.get("/defect/a"), 200);
  }

  @Test
  void aWriteWhoseAnswerIsLostIsReportedAsUnknownAndCanBeReadSoonAfter() throws Exception {
    Answer.json(server.put("/unknown/before", "{}"), 201);
    faults.set(Call.APPEND, Fate.UNKNOWN);
    HttpResponse<String> response = server.put("/unknown/a", "{\"v\":1}");
    faults.set(Call.APPEND, Fate.DONE);
    JsonNode problem = Answer.problem(response, 500, "unknown-outcome");
    assertThat(problem.path("outcome").asText()).isEqualTo("unknown");
    assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    assertLogged(problem, "UnknownOutcomeException");
    awaitWritable();
    JsonNode written = Answer.json(server.get("/unknown/a"), 200);
    assertThat(written.path("v").asInt()).isEqualTo(1);
    Answer.problem(server.put("/unknown/a", "{\"v\":1}"), 409, "conflict");
  }

  @Test
  void writesBeyondTheQueueAreRefusedAtOnceAndTheOthersAreDone() throws Exception {
    faults.set(Call.APPEND, Fate.HELD);
    CompletableFuture<HttpResponse<String>> first = putLater("/queue/first", "{}");
    faults.awaitHeld(Call.APPEND, 1);
    // The queue holds 32 MiB.
    String large = "{\"text\":\"" + "x".repeat(5 << 20) + "\"}";
    List<CompletableFuture<HttpResponse<String>>> writes = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      writes.add(putLater("/queue/large-" + i, large));
    }
    HttpResponse<String> refusal = firstOf(writes);
    Answer.problem(refusal, 503, "writer-full");
    assertThat(refusal.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(first).isNotDone();
    faults.set(Call.APPEND, Fate.DONE);
    Answer.json(first.get(60, TimeUnit.SECONDS), 201);
    int done = 0;
    for (int i = 0; i < writes.size(); i++) {
      HttpResponse<String> answer = writes.get(i).get(60, TimeUnit.SECONDS);
      if (answer.statusCode() == 201) {
        done++;
        Answer.json(server.get("/queue/large-" + i), 200);
      } else {
        Answer.problem(answer, 503, "writer-full");
        Answer.problem(server.get("/queue/large-" + i), 404, "document-missing");
      }
    }
    assertThat(done).as("writes done").isBetween(4, 8);
    Answer.json(server.put("/queue/after", "{}"), 201);
  }

  private static HttpResponse<String> firstOf(List<CompletableFuture<HttpResponse<String>>> answers)
      throws Exception {
    CompletableFuture<HttpResponse<String>> first = new CompletableFuture<>();
    answers.forEach(answer -> answer.thenAccept(first::complete));
    return first.get(60, TimeUnit.SECONDS);
  }
}
