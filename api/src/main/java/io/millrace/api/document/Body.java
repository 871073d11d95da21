package io.millrace.api.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of a document as one JSON object in UTF-8: what the client sent, without white space
 * between tokens. The order of members, the text of numbers and the text of strings are the
 * client's.
 *
 * <p>Immutable, and safe for use by many threads. Made by {@link JsonText}, which is what checks
 * the text.
 */
public final class Body {
  /** The object without members. */
  public static final Body EMPTY = new Body(new byte[] {'{', '}'});

  /**
   * The longest number that a tree holds. Longer ones are kept as text, but computing their value
   * takes time that grows with the square of their length.
   */
  private static final int MAX_NUMBER_LENGTH = 10_000;

  /** Keeps numbers exactly; otherwise takes every text that {@link JsonText} accepts. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final byte[] json;
  private final boolean keepsTree;

  /** Kept for several readers; null before the first. */
  private volatile @Nullable ObjectNode tree;

  private Body(byte[] json) {
    this(json, false);
  }

  private Body(byte[] json, boolean keepsTree) {
    this.json = json;
    this.keepsTree = keepsTree;
  }

  /**
   * Reads a JSON object.
   *
   * @throws io.millrace.api.error.MalformedJsonException when {@code text} is not acceptable JSON
   * @throws io.millrace.api.error.InvalidRequestException when it is not an object, or has reserved
   *     members
   */
  public static Body parse(String text) {
    return JsonText.parseBody(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The body whose checked, compact text is {@code json}; for text that was checked before.
   *
   * @param json handed over: must not be changed afterwards
   */
  public static Body ofCheckedJson(byte[] json) {
    return new Body(json);
  }

  /** The compact text in UTF-8; not a copy, must not be changed. */
  public byte[] json() {
    return json;
  }

  /**
   * The same body, whose {@link #tree()} is made once and kept: for a body that several readers
   * need as a tree at about the same time. A tree takes many times the memory of its text.
   */
  public Body keepingTree() {
    return keepsTree ? this : new Body(json, true);
  }

  /**
   * The text as a tree, which must not be changed: it may be that of others, too.
   *
   * @throws InvalidRequestException when a number in it has more than 10,000 characters, or an
   *     exponent beyond what can be computed
   */
  public ObjectNode tree() {
    ObjectNode present = tree;
    if (present == null) {
      present = read();
      if (keepsTree) {
        tree = present;
      }
    }
    return present;
  }

  private ObjectNode read() {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (StreamConstraintsException e) {
      throw new InvalidRequestException(
          "number-too-long",
          "a number of more than " + MAX_NUMBER_LENGTH + " characters can be kept, not computed",
          e);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "number-too-long", "a number whose exponent is that large can be kept, not computed", e);
    } catch (java.io.IOException e) {
      throw new InternalException("unreadable-body", "a checked body is not JSON", e);
    }
  }

  /** The body that {@code tree} describes. */
  public static Body of(ObjectNode tree) {
    try {
      return JsonText.parseBody(MAPPER.writeValueAsBytes(tree));
    } catch (JsonProcessingException e) {
      throw new InternalException("unwritable-body", "a JSON tree could not be written", e);
    }
  }

  /** The length of the text in bytes. */
  public int length() {
    return json.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Body body && Arrays.equals(json, body.json);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(json);
  }

  /** The text. */
  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }
}
