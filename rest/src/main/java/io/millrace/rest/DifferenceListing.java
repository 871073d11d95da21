package io.millrace.rest;

import io.millrace.api.History;
import io.millrace.api.document.Difference;
import io.millrace.api.document.Difference.Kind;
import io.millrace.api.document.Document;
import io.millrace.api.document.Moment;
import io.millrace.api.range.Cursor;
import io.millrace.rest.http.Listing;
import io.millrace.rest.json.JsonWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of the documents of a bucket. One a line they are told in one walk, in the order of
 * ids; as one object, in one walk for each sort, so that nothing is gathered.
 */
final class DifferenceListing implements Listing {
  private static final List<String> SORTS = Stream.of(Kind.values()).map(Kind::word).toList();

  private final History history;
  private final long from;
  private final long to;
  private final boolean lines;
  private final boolean bodies;
  private final Runnable whenEmpty;
  private @Nullable Cursor<Difference> walk;
  private int section = -1;
  private boolean any;

  /**
   * A listing that has not begun.
   *
   * @param from the sequence where the difference begins
   * @param to the sequence where it ends
   * @param lines whether the rows are told one a line
   * @param whenEmpty called when there is no row, to refuse where that means that nothing is there
   */
  DifferenceListing(
      History history, long from, long to, boolean lines, boolean bodies, Runnable whenEmpty) {
    this.history = history;
    this.from = from;
    this.to = to;
    this.lines = lines;
    this.bodies = bodies;
    this.whenEmpty = whenEmpty;
  }

  @Override
  public String rowsName() {
    return SORTS.get(0);
  }

  @Override
  public List<String> sections() {
    return SORTS;
  }

  @Override
  public int section() {
    return section;
  }

  @Override
  public boolean advance() {
    int last = lines ? 0 : SORTS.size() - 1;
    while (walk == null || !walk.advance()) {
      close();
      if (section == last) {
        if (!any) {
          whenEmpty.run();
        }
        return false;
      }
      section++;
      Set<Kind> kinds = lines ? EnumSet.allOf(Kind.class) : EnumSet.of(Kind.values()[section]);
      walk = history.differences(Moment.of(from), Moment.of(to), kinds, bodies);
    }
    any = true;
    return true;
  }

  @Override
  public void writeRow(JsonWriter out) {
    Difference difference = Objects.requireNonNull(walk).current();
    Document before = difference.before();
    Document after = difference.after();
    out.startObject();
    out.name("id").string(difference.id());
    if (lines) {
      out.name("change").string(difference.kind().word());
    }
    if (after != null) {
      out.name("rev").string(after.revision().toString());
    }
    if (before != null) {
      out.name("was").string(before.revision().toString());
    }
    if (difference.patch() != null) {
      out.name("patch").json(HistoryJson.of(difference.patch()));
    }
    if (bodies && before == null && after != null) {
      out.name("document");
      DocumentJson.write(out, after, false);
    }
    out.endObject();
  }

  @Override
  public void writeLeading(JsonWriter out) {
    out.name("from").number(from);
    out.name("to").number(to);
  }

  @Override
  public void close() {
    if (walk != null) {
      walk.close();
      walk = null;
    }
  }
}
