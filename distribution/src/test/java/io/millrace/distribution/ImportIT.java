package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportIT {
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

  private static HttpResponse<String> send(String path, String lines) {
    return server.send(
        server
            .request(path)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines)));
  }

  private static String documents(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":\"" + i + "\",\"n\":" + i + "}")
        .collect(Collectors.joining("\n"));
  }

  private static JsonNode last(HttpResponse<String> response) {
    List<JsonNode> lines = Answer.lines(response, 200);
    JsonNode last = lines.get(lines.size() - 1);
    assertThat(last.path("done").asBoolean()).isTrue();
    return last;
  }

  @Test
  void linesBecomeDocumentsInChunksWithProgress() {
    HttpResponse<String> response = send("/many/_import", documents(0, 3500));
    JsonNode last = last(response);
    assertThat(last.path("imported").asInt()).isEqualTo(3500);
    assertThat(last.path("conflicts").asInt(-1)).isZero();
    assertThat(last.path("seq").asLong()).isEqualTo(3500 + sequenceBeforeMany());
    assertThat(Answer.json(server.get("/many"), 200).path("documents").asInt()).isEqualTo(3500);
    assertThat(Answer.json(server.get("/many/3499"), 200).path("n").asInt()).isEqualTo(3499);
  }

  private static long sequenceBeforeMany() {
    JsonNode first =
        Answer.json(server.get("/many/_activity?limit=1"), 200).path("activity").get(0);
    return first.path("seq").asLong() - 1;
  }

  @Test
  void whatIsThereAlreadyIsCountedAndSkipped() {
    last(send("/again/_import", documents(0, 10)));
    JsonNode last = last(send("/again/_import", documents(5, 20)));
    assertThat(last.path("imported").asInt()).isEqualTo(10);
    assertThat(last.path("conflicts").asInt()).isEqualTo(5);
    String rev = Answer.json(server.get("/again/7"), 200).path("rev").asText();
    JsonNode update =
        last(send("/again/_import", "{\"id\":\"7\",\"rev\":\"" + rev + "\",\"n\":70}\n"));
    assertThat(update.path("imported").asInt()).isEqualTo(1);
    assertThat(Answer.json(server.get("/again/7"), 200).path("n").asInt()).isEqualTo(70);
    JsonNode twice = last(send("/again/_import", "{\"id\":\"x\"}\n{\"id\":\"x\"}\n\n{\"a\":1}"));
    assertThat(twice.path("imported").asInt()).isEqualTo(2);
    assertThat(twice.path("conflicts").asInt()).isEqualTo(1);
  }

  @Test
  void badLineIsReportedWithItsNumberAndStopsTheImport() {
    JsonNode problem =
        Answer.problem(
            send("/badline/_import", "{\"id\":\"a\"}\n{\"id\":\"b\"\n{\"id\":\"c\"}\n"),
            400,
            "malformed-json");
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("imported").asInt()).isEqualTo(1);
    Answer.json(server.get("/badline/a"), 200);
    assertThat(server.get("/badline/c").statusCode()).isEqualTo(404);
  }

  @Test
  void badLineBehindProgressIsInTheLastLine() {
    List<JsonNode> lines =
        Answer.lines(
            send("/badlater/_import", documents(0, 2500) + "\n[1]\n" + documents(2500, 9000)), 200);
    JsonNode last = lines.get(lines.size() - 1);
    assertThat(last.path("done").asBoolean(true)).isFalse();
    assertThat(last.path("imported").asInt()).isEqualTo(2500);
    assertThat(last.path("error").path("line").asInt()).isEqualTo(2501);
    assertThat(last.path("error").path("type").asText())
        .isEqualTo("urn:millrace:problem:not-an-object");
    assertThat(Answer.json(server.get("/badlater"), 200).path("documents").asInt()).isEqualTo(2500);
  }

  @Test
  void exportAndImportAreInverse() {
    last(send("/from/_import", documents(0, 50)));
    String withoutRevisions =
        server.get("/from/_export").body().replaceAll(",\"rev\":\"[^\"]*\"", "");
    last(send("/to/_import", withoutRevisions));
    assertThat(server.get("/to/_export").body()).isEqualTo(server.get("/from/_export").body());
  }

  @Test
  void otherTypesAreRefused() {
    Answer.problem(server.post("/any/_import", "{}"), 415, "unsupported-media-type");
  }

  @Test
  void clientThatVanishesLeavesWholeChunks() throws IOException {
    URI root = server.uri("/");
    try (Socket socket = new Socket(root.getHost(), root.getPort())) {
      byte[] lines = (documents(0, 2500) + "\n{\"id\":\"half").getBytes(StandardCharsets.UTF_8);
      socket
          .getOutputStream()
          .write(
              ("POST /vanish/_import HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                      + "Content-Length: "
                      + (lines.length + 100_000)
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(lines);
      socket.getOutputStream().flush();
      // The second progress line says that both whole chunks are durable.
      StringBuilder progress = new StringBuilder();
      while (progress.indexOf("\"imported\":2000") < 0) {
        progress.append((char) socket.getInputStream().read());
      }
    }
    assertThat(Answer.json(server.get("/vanish"), 200).path("documents").asInt()).isEqualTo(2000);
    JsonNode last = last(send("/vanish/_import", documents(0, 2500)));
    assertThat(last.path("imported").asInt()).isEqualTo(500);
    assertThat(last.path("conflicts").asInt()).isEqualTo(2000);
  }
}
