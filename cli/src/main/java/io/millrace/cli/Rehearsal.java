package io.millrace.cli;

import io.millrace.cli.console.Screen;
import io.millrace.cli.console.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What the launcher runs once with each JVM, so that it keeps what it has learned of the classes
 * that short commands need: those commands, on a server that is pretended here. Prints nothing.
 */
final class Rehearsal {
  private static final List<String> COMMANDS =
      List.of(
          "get b a --pretty",
          "put b a {}",
          "patch b a {}",
          "del b a --force",
          "ls b --body",
          "buckets",
          "log b",
          "history b a",
          "diff b a",
          "diff b",
          "blame b a",
          "at 1 b a",
          "rollback b --to 1 --dry-run",
          "rollback b a --to 1",
          "verify",
          "query b q",
          "find b []",
          "tail b --no-follow",
          "export b",
          "import b",
          "info",
          "shell",
          "get b");

  /** Has something of every answer that there is. */
  private static final String ANSWER =
      "{\"id\":\"a\",\"rev\":\"2-b\",\"parent\":\"1-a\",\"seq\":2,\"first\":2,\"sequence\":2,"
          + "\"time\":\"2026-01-01T00:00:00Z\",\"author\":\"ann\",\"message\":\"why\","
          + "\"kind\":\"write\",\"changes\":[\"2-b\"],\"digest\":\"d\",\"ok\":true,\"name\":\"b\","
          + "\"documents\":1,\"members\":[{\"name\":\"n\"}],\"key\":1,\"value\":1.5,\"done\":true,"
          + "\"change\":\"updated\",\"patch\":[{\"op\":\"add\",\"path\":\"/n\",\"value\":1}]}\n";

  private Rehearsal() {}

  /** The entry of the process. */
  public static void main(String... arguments) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answer(server), "pretended server");
      answering.setDaemon(true);
      answering.start();
      PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
      String address = "http://127.0.0.1:" + server.getLocalPort();
      for (String command : COMMANDS) {
        Surroundings surroundings =
            Main.around(
                new ByteArrayInputStream("buckets\n".getBytes(StandardCharsets.UTF_8)),
                nowhere,
                nowhere,
                new Screen(false, true, true, 80, true),
                Map.of("MILLRACE_SERVER", address));
        Main.run(surroundings, command.split(" "));
      }
    }
  }

  /** Answers every request with the same, one after the other, until the socket is closed. */
  private static void answer(ServerSocket server) {
    byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    while (!server.isClosed()) {
      try (Socket connection = server.accept();
          InputStream in = connection.getInputStream();
          OutputStream out = connection.getOutputStream()) {
        if (in.read(new byte[1 << 14]) > 0) {
          out.write(head.getBytes(StandardCharsets.US_ASCII));
          out.write(body);
          out.flush();
        }
      } catch (IOException e) {
        // Of this connection alone, or the end.
        continue;
      }
    }
  }
}
