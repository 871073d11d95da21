package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged server ends. */
final class StopIT {
  /** What the JVM answers after a signal for an orderly end. */
  private static final int TERMINATED = 143;

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void nameData() {
    data = folder.resolve("data");
  }

  @Test
  void signalEndsAnIdleServerWithinSeconds() {
    try (ServerProcess server = ServerProcess.on(data).start()) {
      long begin = System.nanoTime();
      assertThat(server.stop()).isEqualTo(TERMINATED);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
      assertThat(server.log()).contains("Database is closed").doesNotContain("ERROR");
    }
  }

  @Test
  void whatWasWrittenIsThereAfterTheNextStart() {
    try (ServerProcess server = ServerProcess.on(data).start()) {
      assertThat(server.put("/films/1", "{\"title\":\"Metropolis\"}").statusCode()).isEqualTo(201);
      server.stop();
    }
    try (ServerProcess server = ServerProcess.on(data).start()) {
      assertThat(server.get("/films/1").body()).contains("Metropolis");
      assertThat(server.get("/q/health/ready").body()).contains("\"sequence\": 1");
    }
  }

  @Test
  void whatWasWrittenIsThereAfterAHardEnd() {
    try (ServerProcess server = ServerProcess.on(data).start()) {
      assertThat(server.put("/films/1", "{\"title\":\"Metropolis\"}").statusCode()).isEqualTo(201);
      server.kill();
    }
    try (ServerProcess server = ServerProcess.on(data).start()) {
      assertThat(server.get("/films/1").body()).contains("Metropolis");
    }
  }

  @Test
  void requestInFlightIsAnsweredBeforeTheEnd() throws IOException {
    String body = "{\"title\":\"Metropolis\"}";
    try (ServerProcess server = ServerProcess.on(data).start()) {
      URI root = server.uri("/");
      try (Socket socket = new Socket(root.getHost(), root.getPort())) {
        socket.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
        OutputStream out = socket.getOutputStream();
        send(
            out,
            "PUT /films/1 HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\nConnection: close\r\n\r\n");
        // The interim answer shows that the server has begun with the request.
        assertThat(readLine(socket)).contains("100");
        server.signal();
        awaitLog(server, "The server is stopping");
        send(out, body);
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("201");
      }
      assertThat(server.awaitExit()).isEqualTo(TERMINATED);
    }
    try (ServerProcess server = ServerProcess.on(data).start()) {
      assertThat(server.get("/films/1").body()).contains("Metropolis");
    }
  }

  @Test
  void liveFeedDoesNotHoldTheEndUp() throws IOException {
    try (ServerProcess server = ServerProcess.on(data).start()) {
      assertThat(server.put("/films/1", "{}").statusCode()).isEqualTo(201);
      URI root = server.uri("/");
      try (Socket socket = new Socket(root.getHost(), root.getPort())) {
        socket.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
        send(
            socket.getOutputStream(),
            "GET /films/_activity HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
        assertThat(readLine(socket)).contains("200");
        long begin = System.nanoTime();
        assertThat(server.stop()).isEqualTo(TERMINATED);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
      }
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String readLine(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = socket.getInputStream().read();
    while (next >= 0 && next != '\n') {
      line.append((char) next);
      next = socket.getInputStream().read();
    }
    return line.toString();
  }

  private static void awaitLog(ServerProcess server, String text) {
    long deadline = System.nanoTime() + ServerProcess.PATIENCE.toNanos();
    while (!server.log().contains(text)) {
      if (System.nanoTime() > deadline) {
        throw server.failure("it did not print '" + text + "' in time", null);
      }
      Thread.onSpinWait();
    }
  }
}
