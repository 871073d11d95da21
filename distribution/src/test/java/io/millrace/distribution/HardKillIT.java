package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server ended hard at random moments under concurrent writes: what it acknowledged is there,
 * every batch is whole, and the index is what the log makes of it.
 */
class HardKillIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WRITERS = 8;
  private static final int BATCH = 3;

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedSurvivesThreeHardKills() throws Exception {
    killAndCompare(3);
  }

  @Test
  @Tag("ci")
  void whatWasAcknowledgedSurvivesThirtyHardKills() throws Exception {
    killAndCompare(30);
  }

  private void killAndCompare(int rounds) throws Exception {
    long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    Random random = new Random(seed);
    Path data = folder.resolve("data");
    List<ClientModel> clients = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      clients.add(new ClientModel(i, new Random(random.nextLong())));
    }
    try {
      for (int round = 0; round < rounds; round++) {
        try (ServerProcess server = ServerProcess.on(data).start()) {
          for (ClientModel client : clients) {
            client.compareWith(server);
          }
          writeUntilKilled(server, clients, 50 + random.nextInt(1_000));
        }
      }
      try (ServerProcess server = ServerProcess.on(data).start()) {
        for (ClientModel client : clients) {
          client.compareWith(server);
        }
        assertThat(server.stop()).as(server.log()).isEqualTo(ServerProcess.ENDED_IN_ORDER);
      }
      IndexContent.assertEqualsRebuild(data, folder.resolve("rebuilt"));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("with -Dmillrace.test.seed=" + seed, e);
    }
    long acknowledged = clients.stream().mapToLong(ClientModel::acknowledged).sum();
    assertThat(acknowledged).as("acknowledged writes").isGreaterThan(rounds * 10L);
  }

  private static void writeUntilKilled(
      ServerProcess server, List<ClientModel> clients, int killAfterWrites) throws Exception {
    AtomicInteger remaining = new AtomicInteger(killAfterWrites);
    CountDownLatch enough = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (ClientModel client : clients) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (client.writeOne(server)) {
                    if (remaining.decrementAndGet() == 0) {
                      enough.countDown();
                    }
                  }
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                  enough.countDown();
                }
              },
              "writer");
      threads.add(thread);
      thread.start();
    }
    assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
    server.kill();
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  /** One client: the only writer of its documents, so it knows what each must be. */
  private static final class ClientModel {
    private final String prefix;
    private final Random random;

    /** What each document is; null for deleted. */
    private final Map<String, @Nullable State> documents = new TreeMap<>();

    /** What the write in flight would have made of documents when the server went away. */
    private final Map<String, @Nullable String> unknown = new TreeMap<>();

    private int next;
    private long acknowledged;

    ClientModel(int number, Random random) {
      this.prefix = "client" + number + "-";
      this.random = random;
    }

    private record State(String revision, String value) {}

    long acknowledged() {
      return acknowledged;
    }

    /** Writes something; false when the server is gone. */
    boolean writeOne(ServerProcess server) throws InterruptedException {
      int choice = random.nextInt(10);
      String known = documents.isEmpty() ? null : anyDocument();
      State state = known == null ? null : documents.get(known);
      if (known == null || choice < 3) {
        return put(server, prefix + next++, null);
      }
      if (choice < 5) {
        return batch(server);
      }
      if (choice < 9) {
        return put(server, known, state);
      }
      return state == null || delete(server, known, state);
    }

    private String anyDocument() {
      List<String> ids = List.copyOf(documents.keySet());
      return ids.get(random.nextInt(ids.size()));
    }

    private boolean put(ServerProcess server, String id, @Nullable State base)
        throws InterruptedException {
      String value = Long.toHexString(random.nextLong());
      unknown.put(id, value);
      String query = base == null ? "" : "?rev=" + base.revision();
      JsonNode reply = send(server, "PUT", path(id) + query, "{\"value\":\"" + value + "\"}");
      if (reply == null) {
        return false;
      }
      documents.put(id, new State(reply.get("rev").asText(), value));
      return true;
    }

    private boolean delete(ServerProcess server, String id, State base)
        throws InterruptedException {
      unknown.put(id, null);
      JsonNode reply = send(server, "DELETE", path(id) + "?rev=" + base.revision(), null);
      if (reply == null) {
        return false;
      }
      documents.put(id, null);
      return true;
    }

    private boolean batch(ServerProcess server) throws InterruptedException {
      String value = Long.toHexString(random.nextLong());
      List<String> ids = new ArrayList<>();
      StringBuilder body = new StringBuilder("[");
      for (int i = 0; i < BATCH; i++) {
        String id = prefix + "batch" + next + "-" + i;
        ids.add(id);
        unknown.put(id, value);
        body.append(i == 0 ? "" : ",")
            .append("{\"id\":\"" + id + "\",\"value\":\"" + value + "\"}");
      }
      next++;
      JsonNode reply = send(server, "POST", "/kills", body.append(']').toString());
      if (reply == null) {
        return false;
      }
      for (int i = 0; i < BATCH; i++) {
        documents.put(ids.get(i), new State(reply.get(i).get("rev").asText(), value));
      }
      return true;
    }

    private @Nullable JsonNode send(
        ServerProcess server, String method, String path, @Nullable String body)
        throws InterruptedException {
      HttpResponse<String> reply;
      try {
        reply =
            server
                .client()
                .send(
                    server
                        .request(path)
                        .header("Content-Type", "application/json")
                        .method(
                            method,
                            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                    BodyHandlers.ofString());
      } catch (IOException e) {
        return null;
      }
      try {
        if (reply.statusCode() / 100 == 2) {
          acknowledged++;
          unknown.clear();
          return JSON.readTree(reply.body());
        }
        throw new AssertionError(method + " " + path + ": " + reply.statusCode() + reply.body());
      } catch (IOException e) {
        throw new AssertionError("an acknowledgement that is no JSON: " + reply.body(), e);
      }
    }

    private static String path(String id) {
      return "/kills/" + id;
    }

    /**
     * Compares every document with what it must be; where the last write's fate is unknown, learns
     * it.
     */
    void compareWith(ServerProcess server) throws IOException {
      int kept = 0;
      int lost = 0;
      for (Map.Entry<String, @Nullable String> write : unknown.entrySet()) {
        HttpResponse<String> reply = server.get(path(write.getKey()));
        String present = value(reply);
        String wanted = write.getValue();
        State before = documents.get(write.getKey());
        String former = before == null ? null : before.value();
        if (java.util.Objects.equals(present, wanted)) {
          kept++;
          documents.put(write.getKey(), state(reply));
        } else {
          assertThat(present).as("%s after a kill", write.getKey()).isEqualTo(former);
          lost++;
        }
      }
      assertThat(kept == 0 || lost == 0).as("batch is whole: %s", unknown.keySet()).isTrue();
      unknown.clear();
      for (Map.Entry<String, @Nullable State> document : documents.entrySet()) {
        HttpResponse<String> reply = server.get(path(document.getKey()));
        assertThat(state(reply)).as(document.getKey()).isEqualTo(document.getValue());
      }
    }

    private static @Nullable String value(HttpResponse<String> reply) throws IOException {
      State state = state(reply);
      return state == null ? null : state.value();
    }

    private static @Nullable State state(HttpResponse<String> reply) throws IOException {
      if (reply.statusCode() == 404) {
        return null;
      }
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      JsonNode document = JSON.readTree(reply.body());
      return new State(document.get("rev").asText(), document.get("value").asText());
    }
  }
}
