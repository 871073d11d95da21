package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Revision;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.view.index.IndexRow;
import io.millrace.view.index.MemberPath;
import io.millrace.view.index.RowIndex;
import io.millrace.view.index.filter.Filter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One declared index. All those of a view share its row index: the key of a row is an array of the
 * index's number and the values.
 */
final class StoredIndex implements PathIndex {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

  private final int number;
  private final QueryDefinition.Index declared;
  private final PathIndex stored;

  StoredIndex(int number, QueryDefinition.Index declared, RowIndex rows) {
    this.number = number;
    this.declared = declared;
    List<MemberPath> paths = new ArrayList<>();
    // Stands for the number; only how many there are matters to ranges.
    paths.add(declared.key().get(0));
    paths.addAll(declared.key());
    this.stored = rows.pathIndex(declared.name(), paths, true);
  }

  @Nullable Filter where() {
    return declared.where();
  }

  /** The row of a document; null when it has none. */
  @Nullable IndexRow row(String id, Revision revision, ObjectNode body) {
    String values = values(id, revision, body);
    return values == null ? null : IndexRow.keyed(utf8("[" + number + "," + values + "]"), NULL);
  }

  /** The key under which a document is read; null when it has no row. */
  byte @Nullable [] key(String id, Revision revision, ObjectNode body) {
    String values = values(id, revision, body);
    return values == null ? null : utf8(isSingle() ? values : "[" + values + "]");
  }

  private @Nullable String values(String id, Revision revision, ObjectNode body) {
    Filter where = declared.where();
    if (where != null && !where.matches(id, revision, body)) {
      return null;
    }
    StringBuilder joined = new StringBuilder(64);
    for (MemberPath path : declared.key()) {
      List<JsonNode> values = path.find(id, revision, body);
      if (values.isEmpty()) {
        return null;
      }
      joined.append(joined.isEmpty() ? "" : ",").append(values.get(0));
    }
    return joined.toString();
  }

  private boolean isSingle() {
    return declared.key().size() == 1;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return declared.name();
  }

  @Override
  public List<JsonNode> paths() {
    return declared.key().stream().map(MemberPath::text).toList();
  }

  @Override
  public Cursor<Row> read(Range range, boolean reverse, StoreReader reader) {
    return new Values(stored.read(numbered(range), reverse, reader));
  }

  @Override
  public long count(Range range, long atMost, StoreReader reader) {
    return stored.count(numbered(range), atMost, reader);
  }

  private Range numbered(Range range) {
    List<JsonNode> equal = new ArrayList<>();
    equal.add(IntNode.valueOf(number));
    equal.addAll(range.equal());
    return new Range(equal, range.from(), range.to());
  }

  /** The rows without the number: the key is the array of the values, or the one value itself. */
  private final class Values implements Cursor<Row> {
    private final Cursor<Row> rows;

    Values(Cursor<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean advance() {
      return rows.advance();
    }

    @Override
    public Row current() {
      Row row = rows.current();
      byte[] key = row.key();
      int comma = 1;
      while (key[comma] != ',') {
        comma++;
      }
      boolean single = isSingle();
      byte[] values =
          Arrays.copyOfRange(key, single ? comma + 1 : comma, key.length - (single ? 1 : 0));
      if (!single) {
        values[0] = '[';
      }
      return new Row(row.documentId(), true, values, row.value(), row.position());
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
