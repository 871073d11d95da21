package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Document;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.view.index.filter.Filter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What passes through the stages: a document as it is shown, or what was made of one or of many.
 * For one thread.
 */
final class Item {
  private final @Nullable Document document;
  private final byte[] position;

  /** What was made; null for the document itself. */
  private final @Nullable JsonNode made;

  private @Nullable ObjectNode tree;

  private Item(@Nullable Document document, @Nullable JsonNode made, byte[] position) {
    this.document = document;
    this.made = made;
    this.position = position;
  }

  /** A document, found at {@code position}. */
  static Item of(Document document, byte[] position) {
    return new Item(document, null, position);
  }

  /** A value that no single document stands behind. */
  static Item of(JsonNode value) {
    return new Item(null, value, new byte[0]);
  }

  /** Another value made of the same document. */
  Item with(JsonNode value) {
    return new Item(document, value, position);
  }

  /** The same at another place. */
  Item at(byte[] place) {
    return new Item(document, made, place);
  }

  /** The same without what was computed from it on the way. */
  Item unread() {
    return made == null ? new Item(document, null, position) : this;
  }

  /** Whether its value can be computed; some numbers are too long. */
  boolean isReadable() {
    try {
      return made != null || !body().isMissingNode();
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  boolean matches(Filter filter) {
    if (made != null) {
      return filter.matches(made);
    }
    Document whole = Objects.requireNonNull(document);
    return filter.matches(whole.id(), whole.revision(), body());
  }

  JsonNode value() {
    if (made != null) {
      return made;
    }
    Document whole = Objects.requireNonNull(document);
    return Filter.shown(whole.id(), whole.revision(), body());
  }

  /**
   * The members of a document.
   *
   * @throws InvalidRequestException when a number in it cannot be computed
   */
  static ObjectNode tree(Body body) {
    try {
      return body.tree();
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "number-too-large", "a number whose exponent has so many digits cannot be computed", e);
    }
  }

  private ObjectNode body() {
    ObjectNode body = tree;
    if (body == null) {
      body = tree(Objects.requireNonNull(document).body());
      tree = body;
    }
    return body;
  }

  /** The document's id; missing when there is none. */
  JsonNode id() {
    return document == null ? MissingNode.getInstance() : TextNode.valueOf(document.id());
  }

  String documentId() {
    return document == null ? "" : document.id();
  }

  byte[] position() {
    return position;
  }

  /** How much memory it takes as it is, roughly. */
  long bytes() {
    return made != null ? Budget.bytesOf(made) : Objects.requireNonNull(document).body().length();
  }

  /** The value as compact JSON; a document's own members as they were written. */
  byte[] json() {
    if (made != null) {
      return made.toString().getBytes(StandardCharsets.UTF_8);
    }
    Document whole = Objects.requireNonNull(document);
    String metadata = "{\"id\":" + id() + ",\"rev\":\"" + whole.revision() + "\"";
    byte[] start = metadata.getBytes(StandardCharsets.UTF_8);
    byte[] members = whole.body().json();
    boolean empty = whole.body().length() == 2;
    byte[] json = new byte[start.length + members.length];
    System.arraycopy(start, 0, json, 0, start.length);
    System.arraycopy(members, 0, json, start.length, members.length);
    // The comma takes the place of the brace that begins the body.
    json[start.length] = ',';
    return empty ? (metadata + "}").getBytes(StandardCharsets.UTF_8) : json;
  }
}
