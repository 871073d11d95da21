package io.millrace.rest.http;

import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of an {@code If-Match} or {@code If-None-Match} header (RFC 9110). Immutable.
 *
 * <p>The tag of a document is its revision. A tag without quotation marks is understood too.
 *
 * @param any whether it is {@code *}
 */
public record EntityTags(boolean any, List<Tag> tags) {
  /** One tag. */
  public record Tag(boolean weak, String value) {}

  /**
   * Reads a header; null when there is none.
   *
   * @throws InvalidRequestException when it is malformed
   */
  public static @Nullable EntityTags parse(@Nullable String header) {
    if (header == null) {
      return null;
    }
    if (header.strip().equals("*")) {
      return new EntityTags(true, List.of());
    }
    List<Tag> tags = new ArrayList<>();
    for (String part : header.split(",")) {
      String tag = part.strip();
      if (tag.isEmpty()) {
        continue;
      }
      boolean weak = tag.startsWith("W/");
      String value = weak ? tag.substring(2) : tag;
      if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
        value = value.substring(1, value.length() - 1);
      } else if (weak || value.indexOf('"') >= 0 || value.indexOf(' ') >= 0) {
        throw new InvalidRequestException("invalid-entity-tag", "not an entity tag: " + tag);
      }
      tags.add(new Tag(weak, value));
    }
    if (tags.isEmpty()) {
      throw new InvalidRequestException("invalid-entity-tag", "a list of entity tags is empty");
    }
    return new EntityTags(false, List.copyOf(tags));
  }

  /** The tag of a revision as a header shows it. */
  public static String of(Revision revision) {
    return "\"" + revision + "\"";
  }

  /** Whether {@code revision} is among them, weak ones included, as {@code If-None-Match} asks. */
  public boolean matchesWeakly(Revision revision) {
    String text = revision.toString();
    return any || tags.stream().anyMatch(tag -> tag.value().equals(text));
  }

  /** Whether {@code revision} is among them, weak ones left out, as {@code If-Match} asks. */
  public boolean matchesStrongly(Revision revision) {
    String text = revision.toString();
    return any || tags.stream().anyMatch(tag -> !tag.weak() && tag.value().equals(text));
  }

  /**
   * The revisions named by strong tags.
   *
   * @throws InvalidRequestException when a tag is no revision
   */
  public List<Revision> revisions() {
    return tags.stream()
        .filter(tag -> !tag.weak())
        .map(tag -> Revision.parse(tag.value()))
        .toList();
  }
}
