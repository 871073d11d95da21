package io.millrace.view.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import java.util.List;

/** The rows of an index whose keys are the values at some paths, for finding documents. */
final class RowPathIndex implements PathIndex {
  private final RowIndex index;
  private final String name;
  private final List<MemberPath> paths;
  private final boolean compound;

  RowPathIndex(RowIndex index, String name, List<MemberPath> paths, boolean compound) {
    this.index = index;
    this.name = name;
    this.paths = List.copyOf(paths);
    this.compound = compound;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<JsonNode> paths() {
    return paths.stream().map(MemberPath::text).toList();
  }

  @Override
  public Cursor<Row> read(Range range, boolean reverse, StoreReader reader) {
    return index.read(RowQuery.of(keys(range).reversed(reverse), Long.MAX_VALUE), reader);
  }

  @Override
  public long count(Range range, long atMost, StoreReader reader) {
    return index.count(RowQuery.of(keys(range), atMost), reader);
  }

  private KeyRange keys(Range range) {
    int equal = range.equal().size();
    boolean bounded = range.from() != null || range.to() != null;
    if (equal + (bounded ? 1 : 0) > paths.size()) {
      throw new IllegalArgumentException("a range over more values than there are paths");
    }
    byte[] prefix = joined(new byte[] {RowLayout.ROW}, collated(range.equal()));
    KeyRange all = KeyRange.prefix(prefix);
    JsonNode from = range.from();
    JsonNode to = range.to();
    return KeyRange.between(
        from == null ? all.from() : joined(prefix, JsonCollation.encode(from)),
        to == null
            ? all.to()
            : KeyRange.successorOfPrefix(joined(prefix, JsonCollation.encode(to))));
  }

  /** What the keys of rows begin with whose values at the first paths are these. */
  private byte[] collated(List<JsonNode> values) {
    if (compound) {
      return JsonCollation.prefix(JsonNodeFactory.instance.arrayNode().addAll(values));
    }
    return values.isEmpty() ? new byte[0] : JsonCollation.encode(values.get(0));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteSink both = new ByteSink(first.length + second.length);
    both.put(first);
    both.put(second);
    return both.toArray();
  }
}
