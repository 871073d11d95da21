package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;

/** What is said of a write. */
final class Written {
  private Written() {}

  static String words(String what, String bucket, JsonNode written) {
    return what
        + ' '
        + bucket
        + '/'
        + written.path("id").asText()
        + ", revision "
        + written.path("rev").asText()
        + ", sequence "
        + written.path("seq").asText();
  }
}
