package io.millrace.api.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one document between two moments.
 *
 * @param before its live state at the first; null when it is created
 * @param after its live state at the second; null when it is deleted
 * @param patch the JSON Patch (RFC 6902) of the document's own members that turns the one body into
 *     the other, with numbers in their text; null unless bodies were asked for and the document is
 *     updated
 */
public record Difference(
    String id, @Nullable Document before, @Nullable Document after, @Nullable ArrayNode patch) {
  /** What happened. */
  public enum Kind {
    CREATED,
    UPDATED,
    DELETED;

    /** The word for answers, for example {@code created}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What happened. */
  public Kind kind() {
    return before == null ? Kind.CREATED : after == null ? Kind.DELETED : Kind.UPDATED;
  }
}
