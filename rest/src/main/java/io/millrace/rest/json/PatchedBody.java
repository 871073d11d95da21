package io.millrace.rest.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.TransformationRefusedException;
import io.millrace.api.error.InvalidRequestException;

/** What a patch made, as a body, if it can be one. */
final class PatchedBody {
  private PatchedBody() {}

  static Body of(JsonNode tree, int maxBytes) {
    if (!(tree instanceof ObjectNode object)) {
      throw new TransformationRefusedException("the patched document is not an object", false);
    }
    Body body;
    try {
      body = Body.of(object);
    } catch (InvalidRequestException e) {
      throw new TransformationRefusedException(
          "the patched document is refused: " + e.getMessage(), false);
    }
    if (body.length() > maxBytes) {
      throw new TransformationRefusedException(
          "the patched document would be longer than " + maxBytes + " bytes", false);
    }
    return body;
  }
}
