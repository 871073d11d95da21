package io.millrace.benchmarks.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The requests that the harness itself makes, outside of what is measured with wrk. */
final class RestClient {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

  private final URI root;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PROBE_TIMEOUT)
          .build();

  RestClient(URI root) {
    this.root = root;
  }

  URI root() {
    return root;
  }

  /** Whether the readiness probe says yes. */
  boolean ready() {
    HttpRequest probe =
        HttpRequest.newBuilder(root.resolve("/q/health/ready")).timeout(PROBE_TIMEOUT).build();
    try {
      return http.send(probe, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HarnessException("interrupted", e);
    }
  }

  /** Sends JSON and returns the JSON of the answer, which must be a success. */
  JsonNode send(String method, String path, String json) {
    return parsed(
        exchange(
            HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json))
                .build()));
  }

  /** The JSON at {@code path}. */
  JsonNode get(String path) {
    return parsed(exchange(HttpRequest.newBuilder(root.resolve(path)).build()));
  }

  /** The status and the JSON at {@code path}, as soon as it is there. */
  CompletableFuture<HttpResponse<String>> begin(String path) {
    return http.sendAsync(
        HttpRequest.newBuilder(root.resolve(path)).build(), BodyHandlers.ofString());
  }

  /** Deletes what is at {@code path}. */
  void delete(String path) {
    exchange(HttpRequest.newBuilder(root.resolve(path)).DELETE().build());
  }

  /** Imports the lines of {@code file}; returns the last line of the answer. */
  JsonNode importLines(String bucket, Path file) {
    try {
      HttpResponse<String> answer =
          exchange(
              HttpRequest.newBuilder(root.resolve("/" + bucket + "/_import"))
                  .header("Content-Type", "application/x-ndjson")
                  .POST(BodyPublishers.ofFile(file))
                  .build());
      String[] lines = answer.body().split("\n");
      return MAPPER.readTree(lines[lines.length - 1]);
    } catch (IOException e) {
      throw new HarnessException(file + " could not be imported", e);
    }
  }

  /** Bytes of heap in use, as the server's metrics say. */
  long heapUsedBytes() {
    String metrics = exchange(HttpRequest.newBuilder(root.resolve("/q/metrics")).build()).body();
    return heapUsedBytes(metrics);
  }

  static long heapUsedBytes(String metrics) {
    return (long)
        metrics
            .lines()
            .filter(line -> line.startsWith("jvm_memory_used_bytes{"))
            .filter(line -> line.contains("area=\"heap\""))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new HarnessException(
            request.method()
                + " "
                + request.uri()
                + " was answered with "
                + answer.statusCode()
                + ": "
                + answer.body());
      }
      return answer;
    } catch (IOException e) {
      throw new HarnessException(request.method() + " " + request.uri() + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HarnessException("interrupted", e);
    }
  }

  static JsonNode parsed(HttpResponse<String> answer) {
    try {
      return MAPPER.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new HarnessException(answer.uri() + " answered no JSON: " + answer.body(), e);
    }
  }
}
