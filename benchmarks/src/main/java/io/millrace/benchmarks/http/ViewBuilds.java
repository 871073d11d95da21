package io.millrace.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.benchmarks.SampleDocuments;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Builds the JavaScript view by-city over all documents, from its definition to the first answer
 * that reflects every write. Leaves the view there.
 */
final class ViewBuilds {
  private static final String VIEW = "/bench/_query/by-city";
  private static final String DEFINITION = "{\"map\":\"function(doc){ return doc.city }\"}";
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int UNAVAILABLE = 503;

  private final HttpOptions options;
  private final Results results;
  private final RestClient client;

  ViewBuilds(HttpOptions options, Results results, RestClient client) {
    this.options = options;
    this.results = results;
    this.client = client;
  }

  void measure() {
    int rounds = options.phases().contains(HttpOptions.Phase.VIEW) ? options.rounds() : 1;
    for (int round = 0; round < rounds; round++) {
      if (round > 0) {
        client.delete(VIEW);
      }
      build();
    }
  }

  private void build() {
    long begun = System.nanoTime();
    client.send("POST", VIEW, DEFINITION);
    int polls = 0;
    JsonNode first = null;
    while (first == null) {
      CompletableFuture<HttpResponse<String>> answer =
          client.begin(VIEW + "?timeout=300s&term=%22city-00000000%22");
      while (!answer.isDone()) {
        LockSupport.parkNanos(POLL.toNanos());
        if (!answer.isDone()) {
          polls += client.get("/_system/tasks").path("tasks").isEmpty() ? 0 : 1;
        }
      }
      first = answer.join().statusCode() == UNAVAILABLE ? null : RestClient.parsed(answer.join());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (first.path("count").asInt() != SampleDocuments.PER_CITY) {
      throw new HarnessException("the view answered " + first);
    }
    results.measured(
        "view", "build of a JS map view", "documents/s", options.documents() / seconds);
    results.say("its progress was visible " + polls + " times");
  }
}
