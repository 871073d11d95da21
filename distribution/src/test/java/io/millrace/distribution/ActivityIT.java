package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ActivityIT {
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

  private static HttpRequest.Builder events(String path) {
    return server.request(path).header("Accept", "text/event-stream");
  }

  private static long put(String path) {
    return Answer.json(server.put(path, "{\"v\":1}"), 201).path("seq").asLong();
  }

  @Test
  void everyChangeIsAnEntryInSequenceOrder() {
    JsonNode made = Answer.json(server.put("/list/a", "{\"v\":1}"), 201);
    put("/elsewhere/x");
    JsonNode gone = Answer.json(server.delete("/list/a?rev=" + made.path("rev").asText()), 200);
    JsonNode activity = Answer.json(server.get("/list/_activity"), 200);
    assertThat(activity.path("count").asInt()).isEqualTo(2);
    assertThat(activity.path("sequence").asLong()).isEqualTo(gone.path("seq").asLong());
    JsonNode first = activity.path("activity").get(0);
    assertThat(first.path("seq").asLong()).isEqualTo(made.path("seq").asLong());
    assertThat(first.path("id").asText()).isEqualTo("a");
    assertThat(first.path("changes").get(0)).isEqualTo(made.path("rev"));
    assertThat(first.path("kind").asText()).isEqualTo("write");
    assertThat(first.path("time").asText()).endsWith("Z");
    assertThat(first.has("deleted")).isFalse();
    assertThat(activity.path("activity").get(1).path("deleted").asBoolean()).isTrue();
  }

  @Test
  void rangesFiltersAndPages() {
    List<Long> seqs = new ArrayList<>();
    for (String id : List.of("a", "b", "c", "d")) {
      seqs.add(put("/range/" + id + "?author=" + (id.equals("c") ? "Cy" : "Al")));
    }
    assertThat(seqs("/range/_activity?gt=" + seqs.get(0) + "&lt=" + seqs.get(3)))
        .isEqualTo(seqs.subList(1, 3));
    assertThat(seqs("/range/_activity?gte=" + seqs.get(1) + "&lte=" + seqs.get(2)))
        .isEqualTo(seqs.subList(1, 3));
    assertThat(seqs("/range/_activity?since=" + seqs.get(2))).isEqualTo(seqs.subList(3, 4));
    assertThat(seqs("/range/_activity?reverse=true&limit=1")).isEqualTo(seqs.subList(3, 4));
    assertThat(seqs("/range/_activity?author=Cy")).isEqualTo(seqs.subList(2, 3));
    assertThat(seqs("/range/_activity?id=b")).isEqualTo(seqs.subList(1, 2));
    assertThat(seqs("/range/_activity?kind=rollback")).isEmpty();
    JsonNode page = Answer.json(server.get("/range/_activity?limit=2"), 200);
    assertThat(page.path("next").asLong()).isEqualTo(seqs.get(1));
    assertThat(page.path("sequence").asLong()).isEqualTo(seqs.get(1));
    assertThat(seqs("/range/_activity?since=" + page.path("next"))).isEqualTo(seqs.subList(2, 4));
    Answer.problem(server.get("/range/_activity?kind=x"), 400, "invalid-parameter");
    Answer.problem(server.get("/range/_activity?since=-1"), 400, "invalid-parameter");
    Answer.problem(server.get("/range/_activity?feed=live"), 400, "invalid-parameter");
    Answer.problem(server.get("/never/_activity"), 404, "bucket-missing");
  }

  private static List<Long> seqs(String path) {
    List<Long> seqs = new ArrayList<>();
    Answer.json(server.get(path), 200)
        .path("activity")
        .forEach(entry -> seqs.add(entry.path("seq").asLong()));
    return seqs;
  }

  @Test
  void latestShowsEachDocumentOnceAndBodyItsDocument() {
    String rev = Answer.json(server.put("/latest/a", "{\"v\":1}"), 201).path("rev").asText();
    put("/latest/b");
    Answer.json(server.put("/latest/a?rev=" + rev, "{\"v\":2}"), 200);
    JsonNode entries =
        Answer.json(server.get("/latest/_activity?latest=true&body=true"), 200).path("activity");
    assertThat(entries).hasSize(2);
    assertThat(entries.get(0).path("id").asText()).isEqualTo("b");
    assertThat(entries.get(1).path("document").path("v").asInt()).isEqualTo(2);
    assertThat(entries.get(1).path("document").path("id").asText()).isEqualTo("a");
  }

  @Test
  void listComesAsLinesToo() {
    put("/lines/a");
    put("/lines/b");
    assertThat(
            Answer.lines(
                server.send(
                    server
                        .request("/lines/_activity")
                        .header("Accept", "application/x-ndjson")
                        .GET()),
                200))
        .hasSize(2);
  }

  @Test
  void longPollAnswersWhenThereIsSomethingOrWhenItsTimeIsOver() throws Exception {
    long seq = put("/poll/a");
    assertThat(Answer.json(server.get("/poll/_activity?feed=longpoll"), 200).path("count").asInt())
        .isEqualTo(1);
    JsonNode empty =
        Answer.json(server.get("/poll/_activity?feed=longpoll&timeout=100&since=" + seq), 200);
    assertThat(empty.path("count").asInt(-1)).isZero();
    assertThat(empty.path("sequence").asLong()).isEqualTo(seq);
    CompletableFuture<HttpResponse<String>> waiting =
        server
            .client()
            .sendAsync(
                server.request("/poll/_activity?feed=longpoll&timeout=30s&since=" + seq).build(),
                BodyHandlers.ofString());
    put("/elsewhere/poll");
    long next = put("/poll/b");
    JsonNode answer = Answer.json(waiting.get(30, TimeUnit.SECONDS), 200);
    assertThat(answer.path("activity").get(0).path("seq").asLong()).isEqualTo(next);
  }

  @Test
  void eventsFollowLiveAndResumeWhereTheyWereLeft() throws Exception {
    long first = put("/events/a");
    long second;
    try (Feed feed = Feed.open(server, events("/events/_activity"))) {
      assertThat(feed.contentType()).isEqualTo("text/event-stream");
      assertThat(feed.next("id:")).isEqualTo("id: " + first);
      assertThat(Answer.tree(feed.next("data:").substring(5)).path("id").asText()).isEqualTo("a");
      second = put("/events/b");
      assertThat(feed.next("id:")).isEqualTo("id: " + second);
    }
    long third = put("/events/c");
    try (Feed feed =
        Feed.open(
            server, events("/events/_activity?since=0").header("Last-Event-ID", "" + second))) {
      assertThat(feed.next("id:")).isEqualTo("id: " + third);
    }
  }

  @Test
  void sinceNowShowsOnlyWhatComes() throws Exception {
    put("/now/a");
    try (Feed feed = Feed.open(server, events("/now/_activity?since=now"))) {
      feed.next(":");
      long next = put("/now/b");
      assertThat(feed.next("id:")).isEqualTo("id: " + next);
    }
  }

  @Test
  void silentFeedSendsComments() throws Exception {
    put("/beat/a");
    try (Feed feed = Feed.open(server, events("/beat/_activity?since=now"))) {
      feed.next(":");
      feed.next(":");
      feed.next(":");
    }
  }

  @Test
  void liveLinesAreOneEntryALine() throws Exception {
    long first = put("/live/a");
    try (Feed feed =
        Feed.open(
            server,
            server.request("/live/_activity?feed=live").header("Accept", "application/x-ndjson"))) {
      assertThat(Answer.tree(feed.next("{")).path("seq").asLong()).isEqualTo(first);
      long second = put("/live/b");
      assertThat(Answer.tree(feed.next("{")).path("seq").asLong()).isEqualTo(second);
    }
  }

  @Test
  void feedWithALimitEnds() throws Exception {
    put("/limit/a");
    put("/limit/b");
    try (Feed feed = Feed.open(server, events("/limit/_activity?limit=2"))) {
      feed.next("id:");
      feed.next("id:");
      feed.next("data:");
      feed.next("");
      while (!feed.ended()) {
        // Nothing but comments may come before the end.
      }
    }
  }

  @Test
  void clientThatStopsReadingIsCutOffAndTold() throws Exception {
    String body = "{\"pad\":\"" + "x".repeat(100_000) + "\"}";
    long last = 0;
    for (int i = 0; i < 200; i++) {
      last = Answer.json(server.post("/slow", body), 201).path("seq").asLong();
    }
    URI root = server.uri("/");
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress(root.getHost(), root.getPort()));
      socket
          .getOutputStream()
          .write(
              ("GET /slow/_activity?body=true HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      // Other clients are served meanwhile; then the slow one wakes up and finds the end.
      awaitOneSecondOfOtherWork();
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      long seen = 0;
      boolean told = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          seen = Long.parseLong(line.substring(4));
        }
        told |= line.startsWith("event: end");
        if (line.equals("0")) {
          break;
        }
      }
      assertThat(told).isTrue();
      assertThat(seen).isBetween(1L, last - 1);
      try (Feed resumed =
          Feed.open(
              server, events("/slow/_activity").header("Last-Event-ID", Long.toString(seen)))) {
        assertThat(resumed.next("id:")).isEqualTo("id: " + (seen + 1));
      }
    }
  }

  private static void awaitOneSecondOfOtherWork() {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
    while (System.nanoTime() < until) {
      assertThat(server.get("/slow").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void feedsEndWhenTheServerStops() throws Exception {
    try (ServerProcess stopped = ServerProcess.on(folder.resolve("stopped")).start()) {
      Answer.json(stopped.put("/b/d", "{}"), 201);
      HttpResponse<InputStream> response =
          stopped
              .client()
              .send(
                  stopped.request("/b/_activity").header("Accept", "text/event-stream").build(),
                  BodyHandlers.ofInputStream());
      CompletableFuture<HttpResponse<String>> poll =
          stopped
              .client()
              .sendAsync(
                  stopped.request("/b/_activity?feed=longpoll&since=now").build(),
                  BodyHandlers.ofString());
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      while (!lines.readLine().startsWith("data:")) {
        // The entry that is there already.
      }
      stopped.signal();
      StringBuilder rest = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        rest.append(line).append('\n');
      }
      assertThat(rest).contains("event: end");
      assertThat(stopped.awaitExit()).isIn(0, 143);
      assertThat(poll.isDone()).isTrue();
    }
  }
}
