package io.millrace.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a view that find documents by the values at some paths in them, for others than the
 * view's own methods.
 *
 * <p>There is a row for each live document that has a value at every path, and for no other. Rows
 * lie in the order of the values, compared one path after the other, then of the documents' ids.
 * Safe for use by many threads; reads go through the reader given alone.
 */
public interface PathIndex {
  /** A name for people, unique within the view; empty when the view has only one. */
  String name();

  /** The paths, in the order in which they are compared, as definitions write them. */
  List<JsonNode> paths();

  /**
   * The rows in {@code range}; nothing of them is gathered.
   *
   * @param reader stays valid until the cursor is closed
   */
  Cursor<Row> read(Range range, boolean reverse, StoreReader reader);

  /** How many rows are in {@code range}; counting may end at {@code atMost}. */
  long count(Range range, long atMost, StoreReader reader);

  /**
   * Values to look for.
   *
   * @param equal what the values at the first paths are; may be empty
   * @param from the least value at the path behind those, included; null for no bound
   * @param to the greatest value at that path, included; null for no bound
   */
  record Range(List<JsonNode> equal, @Nullable JsonNode from, @Nullable JsonNode to) {
    /** Makes an unchangeable range. */
    public Range {
      equal = List.copyOf(equal);
    }
  }
}
