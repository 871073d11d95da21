package io.millrace.distribution;

import static io.millrace.distribution.Answer.json;
import static io.millrace.distribution.Answer.lines;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three packaged servers that exchange films over ZeroMQ, encrypted, each reached by the others
 * through a way that can be cut.
 */
@Tag("ci")
class ReplicationIT {
  private static final int MEMBERS = 3;

  @TempDir Path folder;

  private final List<ServerProcess> servers = new ArrayList<>();
  private final List<TcpProxy> ways = new ArrayList<>();

  private ServerProcess start(int member) throws IOException {
    return ReplicationKeys.of(folder, MEMBERS)
        .give(member, ServerProcess.on(folder.resolve("data" + member)))
        .with("millrace.node", "box" + member)
        .with("millrace.log.sync", "os")
        .start();
  }

  private void startAll() throws IOException {
    for (int i = 0; i < MEMBERS; i++) {
      servers.add(start(i));
      ways.add(new TcpProxy());
      leadWayTo(i);
    }
  }

  /** Leads the way to a server to the port where it listens now. */
  private void leadWayTo(int member) {
    JsonNode replication = json(servers.get(member).get("/_system/info"), 200).get("replication");
    String address = replication.get("zmq_uri").asText();
    ways.get(member).leadTo(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
  }

  private String key(int member) {
    return json(servers.get(member).get("/_system/info"), 200)
        .get("replication")
        .get("key")
        .asText();
  }

  private void join(int from, int to) {
    String peer =
        "{\"zmq_uri\":\""
            + ways.get(to).address()
            + "\",\"key\":\""
            + key(to)
            + "\",\"name\":\"box"
            + to
            + "\"}";
    json(servers.get(from).post("/_system/peers", peer), 201);
  }

  @AfterEach
  void end() throws IOException {
    servers.forEach(ServerProcess::close);
    for (TcpProxy way : ways) {
      way.close();
    }
  }

  @Test
  void threeServersEndUpEqualAfterEditsKillsAndCuts() throws Exception {
    startAll();
    join(0, 1);
    join(1, 2);
    join(2, 0);
    ServerProcess first = servers.get(0);
    lines(
        first.send(
            first
                .request("/films/_import")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(MoviesIT.films()))),
        200);
    json(first.post("/films/_query/by-year", "{\"map\":\"function(f){ return f.year }\"}"), 201);
    awaitEqual(Set.of());

    long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> ids = new ArrayList<>(export(0).keySet());
    Set<String> edited = new TreeSet<>();
    editAll(random, ids, edited);
    // Server 2 is alone now.
    ways.get(2).cut();
    ways.get(0).cut();
    edit(1, random, ids, edited);
    servers.get(1).kill();
    edit(0, random, ids, edited);
    edit(2, random, ids, edited);
    servers.set(1, start(1));
    leadWayTo(1);
    edit(1, random, ids, edited);
    ways.get(2).heal();
    ways.get(0).heal();
    awaitEqual(edited);
    assertThat(rows(0)).isNotEmpty().isEqualTo(rows(1)).isEqualTo(rows(2));
    assertThat(edited.stream().filter(id -> document(0, id).has("conflicts")))
        .as("seed %d: some edits of the same film at the same time", seed)
        .isNotEmpty();
  }

  private void editAll(Random random, List<String> ids, Set<String> edited) {
    for (int i = 0; i < MEMBERS; i++) {
      edit(i, random, ids, edited);
    }
  }

  /** Edits some of a few films, so that others edit the same ones. */
  private void edit(int member, Random random, List<String> ids, Set<String> edited) {
    ServerProcess server = servers.get(member);
    for (int i = 0; i < 40; i++) {
      String id = ids.get(random.nextInt(60));
      edited.add(id);
      JsonNode now = Answer.tree(server.get("/films/" + id).body());
      boolean live = now.has("rev");
      String path = "/films/" + id + (live ? "?rev=" + now.get("rev").asText() : "");
      if (live && random.nextInt(8) == 0) {
        server.delete(path);
      } else {
        server.put(path, "{\"title\":\"by " + member + "\",\"year\":" + (1_900 + i) + "}");
      }
    }
  }

  private TreeMap<String, String> export(int member) {
    TreeMap<String, String> documents = new TreeMap<>();
    for (JsonNode line : lines(servers.get(member).get("/films/_export"), 200)) {
      documents.put(line.get("id").asText(), line.toString());
    }
    return documents;
  }

  private String rows(int member) {
    return json(servers.get(member).get("/films/_query/by-year?limit=1000"), 200)
        .get("rows")
        .toString();
  }

  private JsonNode document(int member, String id) {
    return Answer.tree(servers.get(member).get("/films/" + id + "?conflicts=true").body());
  }

  /** Waits until all have the same documents, and the same conflicts in {@code edited}. */
  private void awaitEqual(Set<String> edited) {
    long deadline = System.nanoTime() + ServerProcess.PATIENCE.toNanos();
    while (!areEqual(edited)) {
      if (System.nanoTime() > deadline) {
        for (int i = 0; i < MEMBERS; i++) {
          assertThat(export(i))
              .as(servers.get(i).get("/_system/peers").body())
              .isEqualTo(export(0));
        }
        for (String id : edited) {
          assertThat(document(1, id)).isEqualTo(document(0, id)).isEqualTo(document(2, id));
        }
        return;
      }
      Thread.onSpinWait();
    }
  }

  private boolean areEqual(Set<String> edited) {
    TreeMap<String, String> first = export(0);
    for (int i = 1; i < MEMBERS; i++) {
      if (!export(i).equals(first)) {
        return false;
      }
    }
    for (String id : edited) {
      JsonNode document = document(0, id);
      for (int i = 1; i < MEMBERS; i++) {
        if (!document(i, id).equals(document)) {
          return false;
        }
      }
    }
    return true;
  }
}
