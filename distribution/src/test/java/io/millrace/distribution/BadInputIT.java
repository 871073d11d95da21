package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is malformed or too much gets its problem, and leaves the data as it was. */
final class BadInputIT {
  @TempDir static Path folder;
  private static ServerProcess server;
  private long sequenceBefore;

  @BeforeAll
  static void start() {
    server = ServerProcess.on(folder.resolve("data")).start();
    Answer.json(server.put("/bad/there", "{\"a\":1}"), 201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void remember() {
    sequenceBefore = sequence();
  }

  private static long sequence() {
    return Answer.json(server.get("/_system/info"), 200).path("sequence").asLong();
  }

  private void nothingWasWritten() {
    assertThat(sequence()).isEqualTo(sequenceBefore);
  }

  @AfterEach
  void noErrorOfTheServerWasLogged() {
    assertThat(server.log()).doesNotContain(" ERROR ").doesNotContain("Request failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1|1|7",
        "{\"a\":1,\"a\":2}|1|",
        "{\"a\":{\"b\":1,\"b\":2}}|1|",
        "{\"a\":\"\\ud800\"}|1|",
        "{\"a\":\"\\udc00x\"}|1|",
        "{\"a\":01}|1|",
        "{\"a\":NaN}|1|",
        "{'a':1}|1|",
        "{\"a\":1} x|1|",
        "{\"a\":tru}|1|"
      })
  void malformedJsonIsReportedWithItsPlace(String json, int line, Integer column) {
    JsonNode problem = Answer.problem(server.put("/bad/d", json), 400, "malformed-json");
    assertThat(problem.path("line").asInt()).isEqualTo(line);
    assertThat(problem.path("column").asInt()).isPositive();
    if (column != null) {
      assertThat(problem.path("column").asInt()).isEqualTo(column);
    }
    nothingWasWritten();
  }

  @Test
  void placeOfAFaultIsCountedOverLines() {
    JsonNode problem =
        Answer.problem(server.put("/bad/d", "{\n  \"a\": 1,\n  oops\n}"), 400, "malformed-json");
    assertThat(problem.path("line").asInt()).isEqualTo(3);
  }

  @Test
  void emptyBodyIsMalformed() {
    Answer.problem(server.put("/bad/d", ""), 400, "malformed-json");
    nothingWasWritten();
  }

  @Test
  void bytesThatAreNotUtf8AreMalformed() {
    Answer.problem(
        server.send(
            server
                .request("/bad/d")
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofByteArray(
                        new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))),
        400,
        "malformed-json");
    nothingWasWritten();
  }

  @Test
  void nestingIsBounded() {
    String deep = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    Answer.problem(server.put("/bad/d", deep), 400, "malformed-json");
    nothingWasWritten();
  }

  @Test
  void numbersBeyond64BitsAreKeptExactly() {
    String numbers =
        "\"a\":123456789012345678901234567890,\"b\":1e400,\"c\":-0.0,\"d\":1.000000000000000000001";
    Answer.json(server.put("/exact/d", "{" + numbers + "}"), 201);
    assertThat(server.get("/exact/d").body()).endsWith(numbers + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "\"x\"", "1", "null", "{\"_x\":1}", "{\"id\":1}", "{\"rev\":[]}"})
  void validJsonThatIsNoDocumentIsRefused(String json) {
    assertThat(server.put("/bad/d", json).statusCode()).isEqualTo(422);
    nothingWasWritten();
  }

  @Test
  void bodyOfAHundredMegabytesIsRefused() {
    byte[] part = new byte[1 << 20];
    Arrays.fill(part, (byte) 'x');
    HttpResponse<String> refused =
        server.send(
            server
                .request("/bad/d")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArrays(Collections.nCopies(100, part))));
    Answer.problem(refused, 413, "body-too-large");
    byte[] whole = new byte[100 << 20];
    Answer.problem(
        server.send(
            server
                .request("/bad")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(whole))),
        413,
        "body-too-large");
    nothingWasWritten();
  }

  @Test
  void bodyThatIsAnnouncedTooLargeIsRefusedBeforeItIsSent() throws IOException {
    String answer =
        raw(
            "PUT /bad/d HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 104857600\r\nExpect: 100-continue\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413").contains("urn:millrace:problem:body-too-large");
    nothingWasWritten();
  }

  @ParameterizedTest
  @ValueSource(strings = {"_x", "%5Fx", "%00", "a%0Ab", "%7F", "%C2%85"})
  void idsThatNoDocumentCanHaveAreRefused(String id) {
    Answer.problem(server.put("/bad/" + id, "{}"), 400, "invalid-id");
    Answer.problem(server.get("/bad/" + id), 400, "invalid-id");
    nothingWasWritten();
  }

  @Test
  void emptyAndOverlongIdsAreRefused() {
    Answer.problem(server.post("/bad", "{\"id\":\"\"}"), 400, "invalid-id");
    Answer.problem(server.put("/bad//", "{}"), 400, "invalid-id");
    Answer.problem(server.put("/bad/" + "x".repeat(513), "{}"), 400, "invalid-id");
    Answer.problem(server.put("/bad/" + "%C3%A9".repeat(257), "{}"), 400, "invalid-id");
    nothingWasWritten();
    Answer.json(server.put("/fits/" + "%C3%A9".repeat(256), "{}"), 201);
  }

  @Test
  void malformedEscapesAreRefused() throws IOException {
    for (String path : new String[] {"/bad/%ff", "/bad/%c3x"}) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(answer).as(path).startsWith("HTTP/1.1 400").contains("urn:millrace:problem:");
    }
    // What is no URI at all is refused by the HTTP server before any resource sees it.
    for (String path : new String[] {"/bad/%zz", "/bad/%2", "/bad/%"}) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(answer).as(path).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void dotsThatAreNotEncodedAreAnIdToo() throws IOException {
    String answer =
        raw(
            "PUT /dots/.. HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
    assertThat(answer).startsWith("HTTP/1.1 201").contains("\"id\":\"..\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1"
      })
  void otherMediaTypesAreRefusedWithTheHeaderToAdd(String type) {
    for (String method : new String[] {"PUT", "POST"}) {
      String path = method.equals("PUT") ? "/bad/d" : "/bad";
      JsonNode problem =
          Answer.problem(
              server.send(
                  server
                      .request(path)
                      .header("Content-Type", type)
                      .method(method, BodyPublishers.ofString("{}"))),
              415,
              "unsupported-media-type");
      assertThat(problem.path("detail").asText()).contains("Content-Type: application/json");
    }
    nothingWasWritten();
  }

  @Test
  void missingMediaTypeIsRefused() {
    Answer.problem(
        server.send(server.request("/bad").POST(BodyPublishers.ofString("{}"))),
        415,
        "unsupported-media-type");
    Answer.problem(
        server.send(
            server
                .request("/bad/there")
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString("{}"))),
        415,
        "unsupported-media-type");
    nothingWasWritten();
  }

  @Test
  void jsonMayNameItsCharset() {
    HttpResponse<String> made =
        server.send(
            server
                .request("/charset/d")
                .header("Content-Type", "Application/JSON; charset=UTF-8")
                .PUT(BodyPublishers.ofString("{}")));
    assertThat(made.statusCode()).isEqualTo(201);
  }

  @Test
  void unknownMethodsNameTheKnownOnes() {
    for (String method : new String[] {"POST", "BREW"}) {
      HttpResponse<String> refused =
          server.send(server.request("/bad/there").method(method, BodyPublishers.ofString("{}")));
      Answer.problem(refused, 405, "method-not-allowed");
      assertThat(Answer.header(refused, "Allow"))
          .isEqualTo("DELETE, GET, HEAD, OPTIONS, PATCH, PUT");
    }
    assertThat(Answer.header(server.delete("/bad/_documents"), "Allow"))
        .isEqualTo("GET, HEAD, OPTIONS");
  }

  @Test
  void unknownAddressesAreNotFound() {
    for (String path : new String[] {"/_nothing", "/bad/there/_nothing", "/a/b/c/d/e"}) {
      assertThat(server.get(path).statusCode()).as(path).isEqualTo(404);
      assertThat(Answer.header(server.get(path), "Content-Type"))
          .as(path)
          .isEqualTo("application/problem+json");
    }
  }

  @Test
  void formsThatAreNotOfferedAreNotAcceptable() {
    Answer.problem(
        server.send(server.request("/bad/there").header("Accept", "text/html").GET()),
        406,
        "not-acceptable");
    Answer.json(
        server.send(server.request("/bad/there").header("Accept", "text/html, */*;q=0.1").GET()),
        200);
  }

  @Test
  void revisionsThatAreNoneAreRefused() {
    Answer.problem(server.put("/bad/there?rev=1-xyz", "{}"), 400, "invalid-revision");
    Answer.problem(server.get("/bad/there?rev=x"), 400, "invalid-revision");
    nothingWasWritten();
  }

  /** Sends bytes and reads the answer until the server is silent or closes. */
  private static String raw(String request) throws IOException {
    URI root = server.uri("/");
    try (Socket socket = new Socket(root.getHost(), root.getPort())) {
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        answer.write(buffer, 0, n);
        if (answer.toString(StandardCharsets.UTF_8).endsWith("}")) {
          break;
        }
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
