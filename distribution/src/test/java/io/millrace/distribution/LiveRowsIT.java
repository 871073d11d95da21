package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of queries that are followed over HTTP. */
final class LiveRowsIT {
  private static final String EMITTING =
      "function(doc){ for (const g of doc.genres || []) emit(g, doc.year) }";
  private static final String RETURNING = "function(doc){ return doc.v }";

  /** A value may be long, other than a key. */
  private static final String PADDED = "function(doc){ emit(1, doc.pad) }";

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server =
        ServerProcess.on(folder.resolve("data"))
            .with("millrace.http.heartbeat", "200ms")
            .with("millrace.http.stall-limit", "1s")
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void define(String path, String map) {
    assertThat(server.post(path, "{\"map\":\"" + map + "\"}").statusCode()).isIn(200, 201);
  }

  private static void bucket(String name, String map) {
    server.send(server.request("/" + name).PUT(BodyPublishers.noBody()));
    define("/" + name + "/_query/q", map);
  }

  private static JsonNode put(String path, String json) {
    JsonNode written = Answer.tree(server.put(path, json).body());
    assertThat(written.has("seq")).as(written.toString()).isTrue();
    return written;
  }

  private static Feed follow(String path) throws Exception {
    return Feed.open(server, server.request(path).GET());
  }

  private static String next(Feed feed) throws IOException {
    return feed.next("{");
  }

  @Test
  void rowsThatAreThereComeFirstAndThenThoseOfEachChange() throws Exception {
    bucket("films", EMITTING);
    JsonNode alien = put("/films/alien", "{\"genres\":[\"horror\",\"sf\"],\"year\":1979}");
    try (Feed feed = follow("/films/_query/q/rows?live=true");
        Feed sf = follow("/films/_query/q?live=true&removed=true&term=%22sf%22")) {
      assertThat(feed.contentType()).isEqualTo("application/x-ndjson");
      assertThat(next(feed)).isEqualTo("{\"id\":\"alien\",\"key\":\"horror\",\"value\":1979}");
      assertThat(next(feed)).isEqualTo("{\"id\":\"alien\",\"key\":\"sf\",\"value\":1979}");
      assertThat(next(feed)).isEqualTo("{\"sequence\":" + alien.path("seq") + "}");
      next(sf);
      next(sf);
      JsonNode brazil = put("/films/brazil", "{\"genres\":[\"sf\"],\"year\":1985}");
      String row = "{\"id\":\"brazil\",\"key\":\"sf\",\"value\":1985,\"seq\":";
      assertThat(next(feed)).isEqualTo(row + brazil.path("seq") + "}");
      assertThat(next(sf)).isEqualTo(row + brazil.path("seq") + "}");
      JsonNode changed =
          put(
              "/films/alien?rev=" + alien.path("rev").asText(),
              "{\"genres\":[\"horror\"],\"year\":1980}");
      assertThat(next(feed))
          .isEqualTo(
              "{\"id\":\"alien\",\"key\":\"horror\",\"value\":1980,\"seq\":"
                  + changed.path("seq")
                  + "}");
      assertThat(next(sf))
          .isEqualTo("{\"id\":\"alien\",\"seq\":" + changed.path("seq") + ",\"removed\":true}");
      JsonNode gone =
          Answer.json(server.delete("/films/brazil?rev=" + brazil.path("rev").asText()), 200);
      assertThat(next(sf))
          .isEqualTo("{\"id\":\"brazil\",\"seq\":" + gone.path("seq") + ",\"removed\":true}");
      JsonNode last = put("/films/dune", "{\"genres\":[\"sf\"],\"year\":2021}");
      assertThat(Answer.tree(next(feed)).path("seq")).isEqualTo(last.path("seq"));
    }
  }

  @Test
  void nothingIsMissedBetweenWhatIsThereAndWhatComes() throws Exception {
    bucket("mirror", RETURNING);
    StringBuilder many = new StringBuilder("[");
    for (int i = 0; i < 3_000; i++) {
      many.append(i == 0 ? "" : ",").append("{\"id\":\"d").append(i).append("\",\"v\":0}");
    }
    Answer.json(server.post("/mirror", many.append("]").toString()), 201);
    try (Feed feed = follow("/mirror/_query/q?live=true")) {
      List<String> keys = new ArrayList<>();
      keys.add(Answer.tree(next(feed)).path("key").asText());
      long seq = put("/mirror/during", "{\"v\":1}").path("seq").asLong();
      JsonNode line = Answer.tree(next(feed));
      for (; !line.has("sequence"); line = Answer.tree(next(feed))) {
        keys.add(line.path("key").asText());
      }
      assertThat(keys).hasSize(3_000).doesNotHaveDuplicates();
      assertThat(line.path("sequence").asLong()).isLessThan(seq);
      assertThat(next(feed)).isEqualTo("{\"key\":\"during\",\"value\":1,\"seq\":" + seq + "}");
    }
  }

  @Test
  void oldRowsCanBeLeftOutAndDocumentsIncluded() throws Exception {
    bucket("fresh", RETURNING);
    long old = put("/fresh/a", "{\"v\":1}").path("seq").asLong();
    try (Feed feed = follow("/fresh/_query/q?live=true&old=false&include=document");
        Feed now = follow("/fresh/_query/q?live=true&since=now&limit=1");
        Feed since = follow("/fresh/_query/q?live=true&since=" + (old - 1))) {
      assertThat(next(feed)).isEqualTo("{\"sequence\":" + old + "}");
      assertThat(next(now)).isEqualTo("{\"sequence\":" + old + "}");
      assertThat(next(since)).isEqualTo("{\"sequence\":" + (old - 1) + "}");
      assertThat(next(since)).isEqualTo("{\"key\":\"a\",\"value\":1,\"seq\":" + old + "}");
      JsonNode b = put("/fresh/b", "{\"v\":2}");
      assertThat(next(feed))
          .isEqualTo(
              "{\"key\":\"b\",\"value\":2,\"document\":{\"id\":\"b\",\"rev\":"
                  + b.path("rev")
                  + ",\"v\":2},\"seq\":"
                  + b.path("seq")
                  + "}");
      next(now);
      while (!now.ended()) {
        // Nothing but comments may come before the end.
      }
    }
  }

  @Test
  void argumentsMayComeInABody() throws Exception {
    bucket("posted", RETURNING);
    put("/posted/a", "{\"v\":1}");
    HttpRequest.Builder request =
        server
            .request("/posted/_query/q/rows")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"live\":true,\"start\":1,\"end\":3}"));
    try (Feed feed = Feed.open(server, request)) {
      assertThat(next(feed)).contains("\"key\":\"a\"");
      next(feed);
      put("/posted/b", "{\"v\":3}");
      put("/posted/c", "{\"v\":2}");
      assertThat(next(feed)).contains("\"key\":\"c\"");
    }
  }

  @Test
  void eventsFollowLiveAndResumeWhereTheyWereLeft() throws Exception {
    bucket("events", EMITTING);
    long a = put("/events/a", "{\"genres\":[\"sf\"]}").path("seq").asLong();
    HttpRequest.Builder request =
        server.request("/events/_query/q?live=true").header("Accept", "text/event-stream");
    long b;
    try (Feed feed = Feed.open(server, request)) {
      assertThat(feed.contentType()).isEqualTo("text/event-stream");
      assertThat(feed.next("data:")).contains("\"id\":\"a\"").doesNotContain("seq");
      assertThat(feed.next("id:")).isEqualTo("id: " + a);
      assertThat(feed.next("event:")).isEqualTo("event: sequence");
      b = put("/events/b", "{\"genres\":[\"sf\",\"war\"]}").path("seq").asLong();
      // Only behind the last row of a document can a client go on without loss.
      assertThat(feed.next("data: {\"id\"")).contains("\"key\":\"sf\"");
      assertThat(feed.next("id:")).isEqualTo("id: " + b);
      assertThat(feed.next("data:")).contains("\"key\":\"war\"");
    }
    long c = put("/events/c", "{\"genres\":[\"sf\"]}").path("seq").asLong();
    try (Feed feed = Feed.open(server, request.copy().header("Last-Event-ID", "" + b))) {
      assertThat(feed.next("id:")).isEqualTo("id: " + b);
      assertThat(feed.next("id:")).isEqualTo("id: " + c);
    }
    define("/events/_query/q", RETURNING);
    Answer.problem(
        server.send(request.copy().header("Last-Event-ID", "" + c)), 400, "since-too-old");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    bucket("refused", RETURNING);
    String live = "/refused/_query/q?live=true";
    for (String more : List.of("&reverse=true", "&after=AAAA", "&old=1", "&since=-1", "&live=x")) {
      assertThat(server.get(live + more).statusCode()).as(more).isEqualTo(400);
    }
    Answer.problem(server.get(live + "&reverse=true"), 400, "invalid-parameter");
    Answer.problem(server.get(live + "&nothing=1"), 400, "unknown-parameter");
    Answer.problem(server.get(live + "&since=1&old=true"), 400, "invalid-parameter");
    Answer.problem(server.get("/refused/_query/q?removed=true"), 400, "invalid-parameter");
    Answer.problem(server.get("/refused/_query/q/count?live=true"), 400, "wrong-method-kind");
    Answer.problem(server.get("/refused/_query/q/none?live=true"), 404, "unknown-method");
    Answer.problem(server.get("/refused/_query/none?live=true"), 404, "unknown-query");
    Answer.problem(server.get("/unknown/_query/q?live=true"), 404, "unknown-query");
    Answer.problem(
        server.send(server.request(live).header("Accept", "application/json")),
        406,
        "not-acceptable");
    Answer.problem(server.get(live + "&at_least=1000000&timeout=50ms"), 503, "view-behind");
    assertThat(
            server.send(server.request(live).method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(200);
  }

  @Test
  void rowsThatAreNotTheQuerysAnyMoreEndWithTheReason() throws Exception {
    bucket("ends", RETURNING);
    put("/ends/a", "{\"v\":1}");
    String live = "/ends/_query/q?live=true";
    try (Feed feed = follow(live)) {
      feed.next("{\"sequence\"");
      define("/ends/_query/q", EMITTING);
      assertEnded(feed, "definition was changed");
    }
    try (Feed feed = follow(live)) {
      feed.next("{\"sequence\"");
      server.send(server.request("/ends/_query/q/_rebuild").POST(BodyPublishers.noBody()));
      assertEnded(feed, "built anew");
    }
    try (Feed feed = follow(live)) {
      feed.next("{\"sequence\"");
      Answer.json(server.delete("/ends/_query/q"), 200);
      assertEnded(feed, "removed");
    }
    define("/ends/_query/q", RETURNING);
    try (Feed feed = follow(live)) {
      feed.next("{\"sequence\"");
      Answer.json(server.delete("/ends"), 200);
      assertEnded(feed, "bucket was dropped");
    }
  }

  private static void assertEnded(Feed feed, String reason) throws IOException {
    assertThat(Answer.tree(next(feed)).path("end").asText()).contains(reason);
    assertThat(feed.ended()).isTrue();
  }

  @Test
  void clientThatStopsReadingIsCutOffAndTold() throws Exception {
    bucket("slow", PADDED);
    String body = "{\"pad\":\"" + "x".repeat(100_000) + "\"}";
    for (int i = 0; i < 200; i++) {
      Answer.json(server.post("/slow", body), 201);
    }
    try (Socket socket = connect("/slow/_query/q?live=true")) {
      awaitOtherWork("/slow", 1_500);
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String last = "";
      for (String line = lines.readLine(); !line.equals("0"); line = lines.readLine()) {
        last = line.isEmpty() ? last : line;
      }
      assertThat(last).startsWith("{\"end\":\"too slow");
    }
  }

  private static Socket connect(String path) throws IOException {
    URI root = server.uri("/");
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
    socket.connect(new InetSocketAddress(root.getHost(), root.getPort()));
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void awaitOtherWork(String path, long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < until) {
      assertThat(server.get(path).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void clientsThatVanishLeaveNothingBehind() throws Exception {
    bucket("gone", PADDED);
    String body = "{\"pad\":\"" + "x".repeat(100_000) + "\"}";
    for (int i = 0; i < 100; i++) {
      Answer.json(server.post("/gone", body), 201);
    }
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      // Some are in the middle of the old rows, some wait for the next change.
      String old = i % 2 == 0 ? "" : "&old=false";
      Socket socket = connect("/gone/_query/q?live=true" + old);
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      sockets.add(socket);
    }
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
    long until = System.nanoTime() + ServerProcess.PATIENCE.toNanos();
    while (instances("RowFollower") + instances("LiveFeed") > 0) {
      assertThat(System.nanoTime()).as("feeds are left").isLessThan(until);
    }
    // A bucket of which nothing is held can be dropped with its rows.
    Answer.json(server.delete("/gone"), 200);
  }

  /** How many objects of a class are reachable in the server. */
  private static long instances(String type) throws Exception {
    Path command = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(command.toString(), "" + server.pid(), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed
        .lines()
        .filter(line -> line.contains("io.millrace.") && line.contains("." + type + " "))
        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[1]))
        .sum();
  }

  @Test
  void rowsEndWhenTheServerStops() throws Exception {
    try (ServerProcess stopped = ServerProcess.on(folder.resolve("stopped")).start()) {
      stopped.put("/b/d", "{\"v\":1}");
      stopped.post("/b/_query/q", "{\"map\":\"" + RETURNING + "\"}");
      try (Feed feed = Feed.open(stopped, stopped.request("/b/_query/q?live=true").GET())) {
        feed.next("{\"sequence\"");
        stopped.signal();
        assertEnded(feed, "the server stops");
      }
      assertThat(stopped.awaitExit()).isIn(0, 143);
      assertThat(stopped.log()).doesNotContain("ERROR");
    }
  }
}
