package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A complete answer.
 *
 * @param status as HTTP has it
 * @param text as it came
 */
public record Answer(int status, String text) {
  private static final int CREATED = 201;

  /** Whether something was made that was not there. */
  public boolean created() {
    return status == CREATED;
  }

  /** The last sequence of the database or bucket, as the answer to a list over sequences has it. */
  public long sequence() {
    return tree().path("sequence").asLong();
  }

  /** The text as a tree. */
  public JsonNode tree() {
    return Json.tree(text);
  }
}
