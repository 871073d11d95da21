package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewMethod;
import io.millrace.tck.view.ViewExample.Question;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of documents that changed are those that reading gives. */
abstract class FollowingTests extends ViewGroup {
  FollowingTests(ViewTck tck) {
    super(tck);
  }

  /** Whether the rows can be found by their documents. */
  static boolean canBeFollowed(View view, Question question, StoreReader reader) {
    if (!(view.methods().get(question.method()) instanceof ViewMethod.Source source)
        || source.changed() == null) {
      return false;
    }
    try (Cursor<Row> rows = source.changed().call(question.texts(), List.of(), reader)) {
      assertThat(rows.advance()).as("%s of no document gives a row", question).isFalse();
      return true;
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  private static List<Row> changed(
      View view, Question question, Collection<String> ids, StoreReader reader) {
    ViewMethod.ChangedRows changed =
        ((ViewMethod.Source) view.methods().get(question.method())).changed();
    if (changed == null) {
      throw new AssertionError("the rows could be followed a moment ago");
    }
    return Answers.gather(changed.call(question.texts(), ids, reader));
  }

  @Test
  void changedRowsAreThoseThatReadingGives() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 120);
          HostedView view = host.view(example);
          boolean more = true;
          while (more) {
            more = view.give(history, history.last(), 40);
            for (Question question : Answers.questions(view.view(), example)) {
              if (canBeFollowed(view.view(), question, host.store())) {
                check(view.view(), question, history, host.store());
              }
            }
          }
        });
  }

  private void check(View view, Question question, History history, StoreReader reader) {
    List<Row> all = Answers.rows(view, question, reader);
    List<String> ids = new ArrayList<>(history.newest().keySet());
    ids.add("nobody");
    Collections.shuffle(ids, random());
    boolean ofNoDocument = all.stream().anyMatch(row -> row.documentId().isEmpty());
    if (ofNoDocument) {
      // Such as the one state of a fold: told as the row of whoever changed last.
      assertThat(changed(view, question, ids, reader).stream().map(Answers::keyAndValue).toList())
          .as("%s of documents", question)
          .isSubsetOf(all.stream().map(Answers::keyAndValue).toList());
      return;
    }
    for (int size : List.of(1, random().nextInt(ids.size() + 1), ids.size())) {
      List<String> some = ids.subList(0, size);
      List<Row> changed = changed(view, question, some, reader);
      assertThat(changed.stream().map(Row::documentId).distinct().toList())
          .as("%s: the order of the documents", question)
          .isSubsetOf(some)
          .isSortedAccordingTo((one, other) -> some.indexOf(one) - some.indexOf(other));
      assertThat(changed.stream().mapToInt(row -> some.indexOf(row.documentId())).toArray())
          .as("%s: one document after the other", question)
          .isSorted();
      assertThat(texts(changed))
          .as("%s of %s", question, some)
          .containsExactlyInAnyOrderElementsOf(
              texts(all.stream().filter(row -> some.contains(row.documentId())).toList()));
    }
  }

  /** What rows say; positions are good for reading alone. */
  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(Answers::withoutPosition).toList();
  }
}
