package io.millrace.benchmarks.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** What is measured with wrk on a running server: subject and base in turn, round after round. */
final class RequestLoads {
  private static final int MANY_CONNECTIONS = 64;
  private static final int BUCKETS_A_COMMIT = 500;
  private static final int MOST_ROUNDS = 200;

  private final HttpOptions options;
  private final Wrk wrk;
  private final Results results;
  private final BenchmarkServer server;

  RequestLoads(HttpOptions options, Wrk wrk, Results results, BenchmarkServer server) {
    this.options = options;
    this.wrk = wrk;
    this.results = results;
    this.server = server;
  }

  /** Lets the server compile what every request needs. */
  void warmUp() {
    for (Comparison comparison : Comparison.REQUESTS) {
      if (options.cases().contains(comparison.name())) {
        warmUp(comparison);
      }
    }
  }

  private void warmUp(Comparison comparison) {
    run(comparison.base(), MANY_CONNECTIONS, options.run());
    run(comparison.subject(), MANY_CONNECTIONS, options.run());
  }

  /** At each number of connections. */
  void measure(Comparison comparison) {
    for (int connections : options.connections()) {
      for (int round = 0; round < options.rounds(); round++) {
        round(comparison, connections);
      }
    }
  }

  private void round(Comparison comparison, int connections) {
    ObjectNode base = run(comparison.base(), connections, options.run());
    ObjectNode subject = run(comparison.subject(), connections, options.run());
    results.compared(comparison, connections, subject, base);
  }

  private ObjectNode run(Comparison.Load load, int connections, Duration time) {
    return wrk.run(load, server.uri(), connections, time);
  }

  /** Updates one document until it has had as many edits as asked for. */
  void measureSame() {
    server.client().send("PUT", "/same/document", "{\"first\":true}");
    warmUp(Comparison.SAME);
    int rounds = 0;
    while (rounds < options.rounds()
        || (generation() < options.updates() && rounds < MOST_ROUNDS)) {
      round(Comparison.SAME, MANY_CONNECTIONS);
      rounds++;
    }
    results.noted("One document was updated " + Samples.whole(generation()) + " times.");
  }

  private int generation() {
    String revision = server.client().get("/same/document").path("rev").asText();
    return Integer.parseInt(revision.substring(0, revision.indexOf('-')));
  }

  /** Makes many buckets, then compares writing over all of them with writing into one. */
  void measureBuckets() {
    ServerMemory before = server.memory();
    results.occupied("before the buckets", before);
    long begun = System.nanoTime();
    for (int first = 0; first < options.buckets(); first += BUCKETS_A_COMMIT) {
      server
          .client()
          .send(
              "POST",
              "/_system/batch",
              edits(first, Math.min(options.buckets(), first + BUCKETS_A_COMMIT)));
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    results.measured("make-buckets", "making buckets", "buckets/s", options.buckets() / seconds);
    warmUp(Comparison.BUCKETS);
    for (int round = 0; round < options.rounds(); round++) {
      round(Comparison.BUCKETS, MANY_CONNECTIONS);
    }
    results.occupied("with " + Samples.whole(options.buckets()) + " buckets", server.memory());
  }

  private static String edits(int from, int to) {
    StringBuilder edits = new StringBuilder("[");
    for (int bucket = from; bucket < to; bucket++) {
      edits.append(bucket == from ? "" : ",");
      edits.append("{\"bucket\":\"many").append(bucket);
      edits.append("\",\"type\":\"put\",\"id\":\"first\",\"value\":{}}");
    }
    return edits.append(']').toString();
  }
}
