package io.millrace.cli.git;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The document that stands for a text file: its lines, each an element of an array, so that the
 * difference of two revisions names the lines that changed. Joined by line feeds they are the file
 * again: behind a last line feed stands one more, empty line.
 */
final class TextFile {
  private TextFile() {}

  /** Empty when {@code bytes} are not UTF-8, or hold a null, as no text does. */
  static Optional<ObjectNode> document(byte[] bytes, boolean executable) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    if (text.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    ObjectNode document = Json.object();
    if (executable) {
      document.put("executable", true);
    }
    ArrayNode lines = document.putArray("lines");
    for (String line : text.split("\n", -1)) {
      lines.add(line);
    }
    return Optional.of(document);
  }

  /** The document that stands for a symbolic link. */
  static ObjectNode link(byte[] target) {
    return Json.object().put("link", new String(target, StandardCharsets.UTF_8));
  }
}
