package io.millrace.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers as it was told, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  private record Reply(int status, String body, boolean endless) {}

  /** What was asked. */
  record Request(String line, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).get(0);
    }
  }

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What is answered to requests with this method and path, its parameters left aside. */
  FakeServer on(String methodAndPath, int status, String... lines) {
    replies.put(methodAndPath, new Reply(status, String.join("\n", lines) + '\n', false));
    return this;
  }

  /** The same, but the answer never ends. */
  FakeServer onForEver(String methodAndPath, String... lines) {
    replies.put(methodAndPath, new Reply(200, String.join("\n", lines) + '\n', true));
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String method = exchange.getRequestMethod();
    requests.add(
        new Request(
            method + ' ' + exchange.getRequestURI(),
            Map.copyOf(exchange.getRequestHeaders()),
            body));
    Reply reply =
        replies.getOrDefault(
            method + ' ' + exchange.getRequestURI().getRawPath(),
            new Reply(404, problem("no-such-resource", 404, "nothing is served here"), false));
    exchange
        .getResponseHeaders()
        .add(
            "Content-Type", reply.status() < 400 ? "application/json" : "application/problem+json");
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), reply.endless() ? 0 : bytes.length);
    OutputStream out = exchange.getResponseBody();
    out.write(bytes);
    if (reply.endless()) {
      out.flush();
    } else {
      exchange.close();
    }
  }

  static String problem(String code, int status, String detail) {
    return "{\"type\":\"urn:millrace:problem:"
        + code
        + "\",\"title\":\"Title\",\"status\":"
        + status
        + ",\"detail\":\""
        + detail
        + "\"}";
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  Request last() {
    return requests.get(requests.size() - 1);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
