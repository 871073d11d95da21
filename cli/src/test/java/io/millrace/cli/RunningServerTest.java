package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups by a server, which is pretended here. */
final class RunningServerTest {
  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private Commands commands;

  @BeforeEach
  void listen() throws IOException {
    commands = new Commands(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void tasksAreFollowedUntilTheBackupIsThere() {
    CountDownLatch looked = new CountDownLatch(1);
    AtomicReference<String> asked = new AtomicReference<>();
    server.createContext(
        "/_system/tasks",
        exchange -> {
          looked.countDown();
          answer(exchange, 200, "{\"tasks\":[{\"kind\":\"backup\",\"name\":\"backup b\"}]}");
        });
    server.createContext(
        "/_system/backup",
        exchange -> {
          asked.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          try {
            assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          answer(exchange, 201, "{\"to\":\"b\",\"seq\":7,\"bytes\":2097152,\"linked\":1048576}");
        });
    assertThat(commands.exits(0, "backup", "--server", address(), "b").out())
        .isEqualTo(
            "backup to b as of sequence 7: 2.0 MiB, 1.0 of them shared" + System.lineSeparator());
    assertThat(asked).hasValue("{\"to\":\"b\"}");
    asked.set("");
    commands.with("MILLRACE_SERVER", address()).exits(0, "backup", "c");
    assertThat(asked).hasValue("{\"to\":\"c\"}");
  }

  @Test
  void refusalOfTheServerIsPassedOn() {
    server.createContext(
        "/_system/backup",
        exchange ->
            answer(
                exchange,
                403,
                "{\"type\":\"urn:millrace:problem:no-backup-folder\",\"detail\":\"set it\"}"));
    assertThat(commands.exits(1, "backup", "--server", address() + "/", "b").err())
        .contains("refused: set it", "[no-backup-folder]");
  }

  @Test
  void somethingElseThatListensIsNotTakenForAServer() {
    server.createContext("/", exchange -> answer(exchange, 200, "<html>"));
    assertThat(commands.exits(1, "backup", "--server", address(), "b").err())
        .contains(address(), "[not-millrace]");
  }

  @Test
  void nobodyThereIsSaidWithWhatToDo() {
    String address = address();
    server.stop(0);
    assertThat(commands.exits(1, "backup", "--server", address, "b").err())
        .contains("no server answers at " + address, "--data", "[no-answer]");
  }
}
