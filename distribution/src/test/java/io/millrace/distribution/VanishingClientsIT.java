package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.distribution.LogFaults.Call;
import io.millrace.distribution.LogFaults.Fate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that go away while the server works for them: nothing of their requests is kept. */
final class VanishingClientsIT {
  private static final int CLIENTS = 500;

  /** What hangs on a request: its connection, its routing, and what was to be sent. */
  private static final List<String> KEPT_FOR_A_REQUEST =
      List.of(
          "io.vertx.core.http.impl.Http1xServerConnection",
          "io.vertx.core.http.impl.Http1xServerRequest",
          "io.quarkus.resteasy.reactive.server.runtime.QuarkusResteasyReactiveRequestContext",
          "io.millrace.rest.http.RequestBody",
          "io.millrace.rest.http.ShortAnswer");

  @TempDir static Path folder;
  private static LogFaults faults;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    faults = new LogFaults();
    server = faults.plugInto(ServerProcess.on(folder.resolve("data")), folder).start();
    Answer.json(server.put("/vanish/there", "{\"v\":1}"), 201);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    faults.close();
  }

  @Test
  void clientsThatGoLeaveNothing() throws Exception {
    readAndGo(6);
    writeAndGo(6);
  }

  @Test
  @Tag("ci")
  void manyClientsThatGoLeaveNothing() throws Exception {
    readAndGo(40);
    writeAndGo(40);
  }

  private static void readAndGo(int rounds) throws Exception {
    comeAndGo(rounds, Call.READ, "GET /vanish/there HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(server.get("/vanish/there").statusCode()).isEqualTo(200);
    assertNothingIsKept();
  }

  /** Also what nobody waits for any more is written. */
  private static void writeAndGo(int rounds) throws Exception {
    long before = sequence();
    comeAndGo(
        rounds,
        Call.APPEND,
        "POST /vanish HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: 7\r\n\r\n{\"v\":1}");
    Answer.json(server.post("/vanish", "{}"), 201);
    assertThat(sequence()).isEqualTo(before + rounds * CLIENTS + 1);
    assertNothingIsKept();
  }

  private static long sequence() {
    return Answer.json(server.get("/_system/info"), 200).path("sequence").asLong();
  }

  /** Sends requests that wait in the server, and resets their connections before it answers. */
  private static void comeAndGo(int rounds, Call call, String request) throws Exception {
    URI root = server.uri("/");
    InetAddress host = InetAddress.getByName(root.getHost());
    byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < rounds; round++) {
      faults.set(call, Fate.HELD);
      List<Socket> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Socket client = new Socket(host, root.getPort());
        client.setSoLinger(true, 0);
        client.getOutputStream().write(bytes);
        clients.add(client);
      }
      awaitActive(CLIENTS, Integer.MAX_VALUE);
      for (Socket client : clients) {
        client.close();
      }
      faults.set(call, Fate.DONE);
      awaitActive(0, 1);
    }
  }

  /** Waits until the server counts so many requests that it has begun and not ended. */
  private static void awaitActive(int least, int most) {
    long deadline = System.nanoTime() + ServerProcess.PATIENCE.toNanos();
    double active = active();
    while (active < least || active > most) {
      if (System.nanoTime() > deadline) {
        throw server.failure(active + " requests are active", null);
      }
      active = active();
    }
  }

  /** The asking request may be among them. */
  private static double active() {
    Matcher gauge =
        Pattern.compile("(?m)^http_server_active_requests(?:\\{[^}]*})? (\\S+)$")
            .matcher(server.get("/q/metrics").body());
    double active = 0;
    while (gauge.find()) {
      active += Double.parseDouble(gauge.group(1));
    }
    return active;
  }

  /** Looks at the heap after a full collection. */
  private static void assertNothingIsKept() throws IOException, InterruptedException {
    String java = System.getProperty("java.home");
    Process process =
        new ProcessBuilder(
                Path.of(java, "bin", "jcmd").toString(),
                Long.toString(server.pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(histogram).isZero();
    for (String name : KEPT_FOR_A_REQUEST) {
      assertThat(instances(histogram, name)).as(name).isLessThan(50);
    }
    // The one of a connection that is open now: otherwise the names above are those of yesterday.
    assertThat(instances(histogram, KEPT_FOR_A_REQUEST.get(0))).isPositive();
  }

  private static int instances(String histogram, String name) {
    Matcher line =
        Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(name) + "\\b")
            .matcher(histogram);
    return line.find() ? Integer.parseInt(line.group(1)) : 0;
  }
}
