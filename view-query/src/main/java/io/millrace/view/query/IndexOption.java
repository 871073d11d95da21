package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.view.PathIndex;
import io.millrace.view.index.filter.Filter;
import io.millrace.view.index.filter.ValuePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index that may answer a question.
 *
 * @param name what questions call it
 * @param paths what it is over; null when one of them names more than one value
 * @param where which documents it has; null for all that have something at every path
 * @param complete whether no document is missing in it because it could not be indexed
 */
record IndexOption(
    String name,
    PathIndex index,
    @Nullable List<ValuePath> paths,
    @Nullable Filter where,
    boolean complete) {
  static IndexOption of(String name, PathIndex index, @Nullable Filter where, boolean complete) {
    List<ValuePath> paths = new ArrayList<>();
    for (JsonNode text : index.paths()) {
      ValuePath path = ValuePath.ofIndex(text);
      if (path == null) {
        return new IndexOption(name, index, null, where, complete);
      }
      paths.add(path);
    }
    return new IndexOption(name, index, List.copyOf(paths), where, complete);
  }
}
