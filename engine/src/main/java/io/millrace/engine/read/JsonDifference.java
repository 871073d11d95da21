package io.millrace.engine.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.DiffFlags;
import com.flipkart.zjsonpatch.JsonDiff;
import io.millrace.api.document.Body;
import io.millrace.api.document.ExactTree;
import java.util.EnumSet;
import java.util.Map;

/**
 * The JSON Patch (RFC 6902) between two bodies. Numbers differ when their texts do.
 *
 * <p>Two long arrays that have little in common would be compared for minutes: a top-level member
 * with such arrays is replaced as a whole.
 */
final class JsonDifference {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * The most comparisons of elements for one member; they take some hundred milliseconds at worst.
   */
  private static final long MOST_COMPARISONS = 4_000_000;

  /** Moves and copies would be shorter, and looking for them takes the square of the changes. */
  private static final EnumSet<DiffFlags> FLAGS =
      EnumSet.of(
          DiffFlags.OMIT_VALUE_ON_REMOVE,
          DiffFlags.OMIT_MOVE_OPERATION,
          DiffFlags.OMIT_COPY_OPERATION);

  private JsonDifference() {}

  /** The patch that turns {@code from} into {@code to}. */
  static ArrayNode between(Body from, Body to) {
    if (from.equals(to)) {
      return NODES.arrayNode();
    }
    ObjectNode source = (ObjectNode) ExactTree.readComparingTexts(from.json());
    ObjectNode target = (ObjectNode) ExactTree.readComparingTexts(to.json());
    ObjectNode replaced = NODES.objectNode();
    for (Map.Entry<String, JsonNode> member : source.properties()) {
      JsonNode other = target.get(member.getKey());
      if (other != null && comparisons(member.getValue(), other) > MOST_COMPARISONS) {
        replaced.set(member.getKey(), other);
      }
    }
    replaced
        .fieldNames()
        .forEachRemaining(
            name -> {
              source.remove(name);
              target.remove(name);
            });
    ArrayNode patch = (ArrayNode) JsonDiff.asJson(source, target, FLAGS);
    for (Map.Entry<String, JsonNode> member : replaced.properties()) {
      patch.add(operation("replace", pointer(member.getKey())).set("value", member.getValue()));
    }
    return patch;
  }

  /** The patch that puts a document where none is. */
  static ArrayNode added(Body body) {
    ObjectNode operation = operation("add", "");
    operation.set("value", ExactTree.readComparingTexts(body.json()));
    return NODES.arrayNode().add(operation);
  }

  /** The patch that takes the document away. */
  static ArrayNode removed() {
    return NODES.arrayNode().add(operation("remove", ""));
  }

  private static ObjectNode operation(String name, String path) {
    return NODES.objectNode().put("op", name).put("path", path);
  }

  private static String pointer(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /** About how many elements of arrays are compared with one another, at most. */
  private static long comparisons(JsonNode one, JsonNode other) {
    if (one.isObject() && other.isObject()) {
      long sum = 0;
      for (Map.Entry<String, JsonNode> member : one.properties()) {
        JsonNode counterpart = other.get(member.getKey());
        sum += counterpart == null ? 0 : comparisons(member.getValue(), counterpart);
      }
      return sum;
    }
    return one.isArray() && other.isArray() ? comparisonsOfArrays(one, other) : 0;
  }

  /** What both begin and end with is passed over quickly. */
  private static long comparisonsOfArrays(JsonNode one, JsonNode other) {
    int shorter = Math.min(one.size(), other.size());
    int start = 0;
    while (start < shorter && one.get(start).equals(other.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && one.get(one.size() - 1 - end).equals(other.get(other.size() - 1 - end))) {
      end++;
    }
    return nodes(one, start, one.size() - end) * nodes(other, start, other.size() - end);
  }

  private static long nodes(JsonNode array, int from, int to) {
    long count = 0;
    for (int i = from; i < to; i++) {
      count += nodes(array.get(i));
    }
    return count;
  }

  private static long nodes(JsonNode node) {
    long count = 1;
    for (JsonNode child : node) {
      count += nodes(child);
    }
    return count;
  }
}
