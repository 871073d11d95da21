package io.millrace.engine.maintenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.engine.folder.FolderFiles;
import io.millrace.engine.folder.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;

/**
 * What {@code backup.json} says, which is written when everything else is there: a backup without
 * it is not complete.
 *
 * @param uuid of the database
 * @param incarnation of its log
 * @param sequence the last one in the backup
 * @param time when the backup was made
 * @param round counts the backups in one folder, from 1; names the folder with the files
 * @param store the module whose files are kept as the store; of no interest when there are none
 */
record BackupNote(
    UUID uuid,
    Incarnation incarnation,
    long sequence,
    Instant time,
    long round,
    Manifest.Module log,
    Manifest.Module store) {
  static final String FILE = "backup.json";
  static final String ROUND_PREFIX = "round-";
  private static final int FORMAT = 1;
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  /** The folder with the files. */
  Path files(Path backup) {
    return backup.resolve(ROUND_PREFIX + round);
  }

  /** Whether there is a complete backup in {@code backup}. */
  static boolean isIn(Path backup) {
    return Files.exists(backup.resolve(FILE));
  }

  static BackupNote read(Path backup) {
    Path file = backup.resolve(FILE);
    try {
      JsonNode note = MAPPER.readTree(Files.readAllBytes(file));
      if (note.path("format").asInt() != FORMAT) {
        throw new UnsupportedException(
            "unknown-backup-format",
            file + " has format " + note.path("format") + "; this version knows " + FORMAT);
      }
      return new BackupNote(
          UUID.fromString(note.path("uuid").asText()),
          new Incarnation(UUID.fromString(note.path("incarnation").asText())),
          note.path("sequence").asLong(-1),
          Instant.parse(note.path("time").asText()),
          note.path("round").asLong(),
          module(note.path("log")),
          module(note.path("store")));
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      throw new CorruptionException(file.toString(), "it cannot be read: " + e, e);
    }
  }

  private static Manifest.Module module(JsonNode node) {
    return new Manifest.Module(node.path("type").asText(), node.path("format").asInt());
  }

  /** Writes it, durably, in place of an earlier one. */
  void write(Path backup) throws IOException {
    ObjectNode note = MAPPER.createObjectNode();
    note.put("format", FORMAT);
    note.put("uuid", uuid.toString());
    note.put("incarnation", incarnation.toString());
    note.put("sequence", sequence);
    note.put("time", time.toString());
    note.put("round", round);
    note.putObject("log").put("type", log.type()).put("format", log.format());
    note.putObject("store").put("type", store.type()).put("format", store.format());
    FolderFiles.replace(
        backup.resolve(FILE), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(note));
  }
}
