package io.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.cli.console.CommonOptions;
import io.millrace.engine.maintenance.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server that is asked over HTTP. For one thread. */
final class RunningServer {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LOOK_MILLIS = 500;
  private static final int FIRST_ERROR = 400;

  private final ObjectMapper mapper = JsonMapper.builder().build();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI address;

  RunningServer(URI address) {
    this.address = address;
  }

  /**
   * Lets the server make a backup, and waits for it.
   *
   * @param to the name of the backup below the server's folder of backups
   * @throws InvalidRequestException when the server refuses
   * @throws UnavailableException when there is no server, or it does not answer any more
   */
  JsonNode backup(String to, ProgressListener listener) {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/_system/backup"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(CommonOptions.object().put("to", to).toString()))
            .build();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, BodyHandlers.ofString());
    while (true) {
      try {
        return result(answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        reportTasks(listener);
      } catch (ExecutionException e) {
        throw unreachable(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unreachable(e);
      }
    }
  }

  private void reportTasks(ProgressListener listener) {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/_system/tasks")).timeout(PATIENCE).GET().build();
    try {
      JsonNode tasks = mapper.readTree(client.send(request, BodyHandlers.ofString()).body());
      for (JsonNode task : tasks.path("tasks")) {
        if (task.path("kind").asText().equals("backup")) {
          listener.progress(
              task.path("name").asText(),
              task.path("done").asLong(),
              task.path("total").asLong(),
              task.path("unit").asText());
        }
      }
    } catch (IOException e) {
      // Progress is a courtesy; whether the backup succeeds is told by its own answer.
      listener.progress("backup", 0, 0, "bytes");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private JsonNode result(HttpResponse<String> response) {
    JsonNode body;
    try {
      body = mapper.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException(
          "not-millrace",
          address + " answered with status " + response.statusCode() + " and no JSON",
          e);
    }
    if (response.statusCode() < FIRST_ERROR) {
      return body;
    }
    String type = body.path("type").asText("");
    String detail = body.path("detail").asText("status " + response.statusCode());
    throw new InvalidRequestException(
        type.isEmpty() ? "refused" : type.substring(type.lastIndexOf(':') + 1),
        "the server at " + address + " refused: " + detail);
  }

  private URI uri(String path) {
    String root = address.toString();
    return URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path);
  }

  private UnavailableException unreachable(Throwable cause) {
    return new UnavailableException(
        "no-answer",
        "no server answers at "
            + address
            + "; --server names another, and --data backs up a folder that no server holds",
        cause);
  }
}
