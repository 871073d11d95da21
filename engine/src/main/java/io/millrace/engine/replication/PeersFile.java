package io.millrace.engine.replication;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.engine.folder.FolderFiles;
import io.millrace.engine.folder.SummedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a database in {@code peers.json}, a file in its folder that holds a checksum of
 * itself. Backups have it too.
 *
 * <p>For one thread at a time.
 */
public final class PeersFile implements PeerBook {
  /** The name of the file. */
  public static final String NAME = "peers.json";

  private static final int FORMAT = 1;

  private final Path file;

  /**
   * @param folder of the database
   */
  public PeersFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.millrace.api.error.UnsupportedException when a later version wrote it
   */
  @Override
  public List<KnownPeer> load() {
    if (!Files.exists(file)) {
      return List.of();
    }
    ObjectNode content = SummedJson.read(file, FORMAT, "unknown-peers-format");
    List<KnownPeer> peers = new ArrayList<>();
    try {
      for (JsonNode peer : content.path("peers")) {
        peers.add(decode(peer));
      }
    } catch (IllegalArgumentException e) {
      throw new CorruptionException(file.toString(), "it cannot be read: " + e.getMessage(), e);
    }
    return List.copyOf(peers);
  }

  @Override
  public void save(List<KnownPeer> peers) {
    ObjectNode content = SummedJson.empty(FORMAT);
    ArrayNode list = content.putArray("peers");
    peers.forEach(peer -> encode(list.addObject(), peer));
    try {
      SummedJson.write(file, content);
    } catch (IOException e) {
      throw new UnavailableException(
          "peers-not-written", "the peers cannot be written to " + file + ": " + e, e);
    }
  }

  /**
   * Copies the file, durably, if there is one.
   *
   * @param from the folder that has it
   * @param to the folder that is to have it
   * @throws CorruptionException when it is damaged
   */
  public static void copy(Path from, Path to) throws IOException {
    PeersFile file = new PeersFile(from);
    if (Files.exists(file.file)) {
      file.load();
      FolderFiles.replace(to.resolve(NAME), Files.readAllBytes(file.file));
    }
  }

  private static void encode(ObjectNode node, KnownPeer peer) {
    node.put("name", peer.name());
    put(node, "address", peer.address());
    put(node, "key", peer.key());
    UUID database = peer.database();
    put(node, "database", database == null ? null : database.toString());
    if (!peer.selection().buckets().isEmpty()) {
      peer.selection().buckets().forEach(node.putArray("buckets")::add);
    }
    flag(node, "full_history", peer.selection().fullHistory());
    flag(node, "one_way", peer.oneWay());
    flag(node, "removed", peer.removed());
  }

  private static void put(ObjectNode node, String name, @Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }

  private static void flag(ObjectNode node, String name, boolean value) {
    if (value) {
      node.put(name, true);
    }
  }

  private static KnownPeer decode(JsonNode node) {
    List<String> buckets = new ArrayList<>();
    node.path("buckets").forEach(bucket -> buckets.add(bucket.asText()));
    String name = text(node, "name");
    if (name == null) {
      throw new IllegalArgumentException("a peer has no name");
    }
    String database = text(node, "database");
    return new KnownPeer(
        name,
        text(node, "address"),
        text(node, "key"),
        database == null ? null : UUID.fromString(database),
        new Selection(buckets, node.path("full_history").asBoolean()),
        node.path("one_way").asBoolean(),
        node.path("removed").asBoolean());
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.hasNonNull(name) ? node.path(name).asText() : null;
  }
}
