package io.millrace.rest.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Edit;
import io.millrace.api.document.ExactTree;

/**
 * A JSON Merge Patch (RFC 7396) of a document's own members. Members that stay keep their place,
 * new ones come last.
 */
public final class MergePatch implements Edit.Transformation {
  private final JsonNode patch;
  private final int maxBytes;

  /**
   * @param patch an object without metadata
   * @param maxBytes the longest result that is accepted
   */
  public MergePatch(Body patch, int maxBytes) {
    this.patch = ExactTree.read(patch.json());
    this.maxBytes = maxBytes;
  }

  @Override
  public Body apply(Body present) {
    return PatchedBody.of(merge(ExactTree.read(present.json()), patch), maxBytes);
  }

  private static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    ObjectNode merged = target instanceof ObjectNode object ? object : changes.objectNode();
    for (var change : changes.properties()) {
      if (change.getValue().isNull()) {
        merged.remove(change.getKey());
      } else {
        JsonNode present = merged.path(change.getKey());
        merged.set(change.getKey(), merge(present, change.getValue()));
      }
    }
    return merged;
  }
}
