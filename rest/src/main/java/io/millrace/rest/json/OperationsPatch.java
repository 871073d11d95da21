package io.millrace.rest.json;

import static com.flipkart.zjsonpatch.CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.flipkart.zjsonpatch.InvalidJsonPatchException;
import com.flipkart.zjsonpatch.JsonPatch;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import io.millrace.api.document.Body;
import io.millrace.api.document.Edit;
import io.millrace.api.document.ExactTree;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.TransformationRefusedException;
import io.millrace.api.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * A JSON Patch (RFC 6902) of a document's own members.
 *
 * <p>It runs on the writer's thread, so what it may cost is bounded: the count of its operations,
 * and the size that copies could give the document.
 */
public final class OperationsPatch implements Edit.Transformation {
  /** The most operations in one patch. */
  public static final int MOST_OPERATIONS = 10_000;

  private final List<JsonNode> operations = new ArrayList<>();
  private final long patchBytes;
  private final int maxBytes;

  /**
   * @param maxBytes the longest result that is accepted
   * @throws InvalidRequestException with the code {@code invalid-patch} when it is no JSON Patch
   */
  public OperationsPatch(JsonText patch, int maxBytes) {
    this.maxBytes = maxBytes;
    this.patchBytes = patch.json().length;
    JsonNode tree = ExactTree.read(patch.json());
    if (!(tree instanceof ArrayNode array)) {
      throw refused("a JSON Patch is an array of operations");
    }
    if (array.size() > MOST_OPERATIONS) {
      throw refused("a JSON Patch may have " + MOST_OPERATIONS + " operations at most");
    }
    array.forEach(operations::add);
    try {
      JsonPatch.validate(array);
    } catch (InvalidJsonPatchException | IllegalArgumentException e) {
      throw refused("this is no JSON Patch: " + e.getMessage());
    }
  }

  @Override
  public Body apply(Body present) {
    JsonNode tree = ExactTree.read(present.json());
    long size = present.length() + patchBytes;
    for (int i = 0; i < operations.size(); i++) {
      JsonNode operation = operations.get(i);
      if (operation.path("op").asText().equals("copy")) {
        size += size(tree.at(operation.path("from").asText()));
        if (size > 2L * maxBytes) {
          throw new TransformationRefusedException(
              describe(i) + " would make the document too large", false);
        }
      }
      tree = apply(i, operation, tree);
    }
    return PatchedBody.of(tree, maxBytes);
  }

  private JsonNode apply(int index, JsonNode operation, JsonNode tree) {
    String op = operation.path("op").asText();
    if (operation.path("path").asText().isEmpty()) {
      return applyToWhole(index, op, operation, tree);
    }
    ArrayNode single = JsonNodeFactory.instance.arrayNode();
    single.add(operation);
    try {
      JsonPatch.applyInPlace(single, tree, EnumSet.of(FORBID_REMOVE_MISSING_OBJECT));
      return tree;
    } catch (JsonPatchApplicationException e) {
      throw refused(index, op);
    }
  }

  /** The library would copy the whole tree each time. */
  private JsonNode applyToWhole(int index, String op, JsonNode operation, JsonNode tree) {
    JsonNode value =
        switch (op) {
          case "add", "replace" -> operation.path("value").deepCopy();
          case "move", "copy" -> tree.at(operation.path("from").asText());
          case "test" -> tree.equals(operation.path("value")) ? tree : MissingNode.getInstance();
          default -> MissingNode.getInstance();
        };
    if (value.isMissingNode()) {
      throw refused(index, op);
    }
    return value;
  }

  private TransformationRefusedException refused(int index, String op) {
    boolean test = op.equals("test");
    return new TransformationRefusedException(
        describe(index) + (test ? " failed" : " does not fit the document"), test);
  }

  private String describe(int index) {
    JsonNode operation = operations.get(index);
    return "operation "
        + (index + 1)
        + " ("
        + operation.path("op").asText()
        + " "
        + operation.path("path").asText()
        + ")";
  }

  /** About as many bytes as the text of {@code node} has. */
  private static long size(JsonNode node) {
    if (!node.isContainerNode()) {
      return 1L + node.asText().length();
    }
    long size = 2;
    for (var member : node.properties()) {
      size += 4L + member.getKey().length();
    }
    for (JsonNode child : node) {
      size += 1 + size(child);
    }
    return size;
  }

  private static InvalidRequestException refused(String message) {
    return new InvalidRequestException("invalid-patch", message);
  }
}
