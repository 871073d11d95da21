package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** How members of an answer stand in a line. */
final class Texts {
  private Texts() {}

  /** The text of a member; empty when it is missing. */
  static String of(JsonNode object, String member) {
    return object.path(member).asText();
  }

  /** The first line of a message, marked when there is more. */
  static String title(JsonNode object) {
    String message = of(object, "message").strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end).stripTrailing() + " …";
  }

  /** A sequence as a number, anything else as a text, as the database wants a target. */
  static JsonNode target(String to) {
    return to.matches("\\d{1,18}") ? LongNode.valueOf(Long.parseLong(to)) : TextNode.valueOf(to);
  }
}
