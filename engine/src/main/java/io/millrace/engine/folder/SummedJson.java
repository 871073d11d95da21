package io.millrace.engine.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnsupportedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Small files of JSON that name their format and hold a checksum of all that they say. */
public final class SummedJson {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();
  private static final String CHECKSUM = "checksum";

  private SummedJson() {}

  /** The content of a file of {@code format}, to be filled. */
  public static ObjectNode empty(int format) {
    return MAPPER.createObjectNode().put("format", format);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param format the one that is known
   * @param unknownFormat the code of the exception for another one
   * @throws CorruptionException when it cannot be read, or its checksum does not match
   * @throws UnsupportedException when it has another format
   */
  public static ObjectNode read(Path file, int format, String unknownFormat) {
    JsonNode content;
    try {
      content = MAPPER.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CorruptionException(file.toString(), "it cannot be read: " + e, e);
    }
    if (!(content instanceof ObjectNode known)) {
      throw new CorruptionException(file.toString(), "it cannot be read: it is no JSON object");
    }
    if (known.path("format").asInt() != format) {
      throw new UnsupportedException(
          unknownFormat,
          file + " has format " + known.path("format") + "; this version knows " + format);
    }
    JsonNode checksum = known.remove(CHECKSUM);
    if (checksum == null || !checksum.asText().equals(checksum(known))) {
      throw new CorruptionException(file.toString(), "its checksum does not match");
    }
    return known;
  }

  /** Writes {@code content}, durably, as a whole or not at all. */
  public static void write(Path file, ObjectNode content) throws IOException {
    ObjectNode summed = content.deepCopy();
    summed.put(CHECKSUM, checksum(content));
    FolderFiles.replace(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(summed));
  }

  /** Of everything else that the file says, so that no digit of it can change unnoticed. */
  private static String checksum(ObjectNode content) {
    CRC32C sum = new CRC32C();
    sum.update(content.toString().getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", sum.getValue());
  }
}
