package io.millrace.engine.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.spi.Provider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What {@code millrace.json} says: which database this is, and what wrote it. The file holds a
 * checksum of itself.
 *
 * @param created when this folder was made
 * @param origin where the data came from; null for a database that began here
 */
public record Manifest(
    UUID uuid, Instant created, Module log, Module store, @Nullable Origin origin) {
  /** The name of the file. */
  public static final String FILE = "millrace.json";

  private static final int FORMAT = 1;

  /**
   * A module that wrote data.
   *
   * @param type its name
   * @param format the version of what it writes
   */
  public record Module(String type, int format) {
    /** What {@code provider} writes. */
    public static Module of(Provider provider) {
      return new Module(provider.name(), provider.formatVersion());
    }
  }

  /**
   * The database that the data was copied from.
   *
   * @param how {@code restored} or {@code converted}
   * @param sequence the last one that was copied
   */
  public record Origin(String how, UUID uuid, Incarnation incarnation, long sequence) {}

  /**
   * Reads the manifest in {@code folder}.
   *
   * @throws CorruptionException when it cannot be read
   * @throws UnsupportedException when a later version wrote it
   */
  public static Manifest read(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      ObjectNode known = SummedJson.read(file, FORMAT, "unknown-data-format");
      if (!known.path("log").path("type").isTextual()
          || !known.path("store").path("type").isTextual()) {
        throw new CorruptionException(file.toString(), "it does not name log and store");
      }
      return new Manifest(
          UUID.fromString(known.path("uuid").asText()),
          Instant.parse(known.path("created").asText()),
          module(known.path("log")),
          module(known.path("store")),
          origin(known.path("origin")));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new CorruptionException(file.toString(), "it cannot be read: " + e, e);
    }
  }

  private static Module module(JsonNode node) {
    return new Module(node.path("type").asText(), node.path("format").asInt());
  }

  private static @Nullable Origin origin(JsonNode node) {
    return node.isMissingNode()
        ? null
        : new Origin(
            node.path("how").asText(),
            UUID.fromString(node.path("uuid").asText()),
            new Incarnation(UUID.fromString(node.path("incarnation").asText())),
            node.path("sequence").asLong());
  }

  /** Writes it to {@code folder}, durably, as a whole or not at all. */
  public void write(Path folder) throws IOException {
    ObjectNode content = SummedJson.empty(FORMAT);
    content.put("uuid", uuid.toString());
    content.put("created", created.toString());
    content.putObject("log").put("type", log.type()).put("format", log.format());
    content.putObject("store").put("type", store.type()).put("format", store.format());
    Origin from = origin;
    if (from != null) {
      content
          .putObject("origin")
          .put("how", from.how())
          .put("uuid", from.uuid().toString())
          .put("incarnation", from.incarnation().toString())
          .put("sequence", from.sequence());
    }
    SummedJson.write(folder.resolve(FILE), content);
  }
}
