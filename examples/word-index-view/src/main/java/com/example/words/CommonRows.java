package com.example.words;

import io.millrace.api.range.Cursor;
import io.millrace.api.view.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of the first of several walks whose documents are in all the others too.
 *
 * <p>Each walk is over the rows of one word, in the order of the documents' ids, so one pass over
 * all of them is enough: whoever is behind catches up.
 */
final class CommonRows implements Cursor<Row> {
  private final List<Cursor<Row>> walks;
  private boolean onRow;
  private boolean ended;

  CommonRows(List<Cursor<Row>> walks) {
    this.walks = walks;
    for (Cursor<Row> walk : walks.subList(1, walks.size())) {
      ended |= !walk.advance();
    }
  }

  @Override
  public boolean advance() {
    Cursor<Row> first = walks.get(0);
    onRow = false;
    while (!ended && !onRow) {
      ended = !first.advance();
      onRow = !ended && othersHave(id(first));
    }
    return onRow;
  }

  private boolean othersHave(byte[] document) {
    for (Cursor<Row> walk : walks.subList(1, walks.size())) {
      int order = Arrays.compareUnsigned(id(walk), document);
      while (order < 0) {
        if (!walk.advance()) {
          ended = true;
          return false;
        }
        order = Arrays.compareUnsigned(id(walk), document);
      }
      if (order > 0) {
        return false;
      }
    }
    return true;
  }

  /** The id as it is ordered: as UTF-8. */
  private static byte[] id(Cursor<Row> walk) {
    return walk.current().documentId().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Row current() {
    if (!onRow) {
      throw new IllegalStateException("not on a row");
    }
    return walks.get(0).current();
  }

  @Override
  public void close() {
    onRow = false;
    ended = true;
    walks.forEach(Cursor::close);
  }
}
