package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewStatistics;
import io.millrace.tck.view.HostedView.Giving;
import io.millrace.tck.view.ViewExample.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a document adds to a view goes when the document goes. */
abstract class DocumentTests extends ViewGroup {
  DocumentTests(ViewTck tck) {
    super(tck);
  }

  /** Checks views that are given the winners alone; others keep the past. */
  private void everyViewOfDocuments(ViewHost host, Check check) {
    everyExample(
        example -> {
          if (host.view(example).view().input() == ViewInput.DOCUMENTS) {
            check.of(example);
          }
        });
  }

  @Test
  void aChangedDocumentTakesBackItsRows() {
    ViewHost host = host();
    everyViewOfDocuments(
        host,
        example -> {
          for (int i = 0; i < 20; i++) {
            History history =
                changes()
                    .put("other", host.body(example, random()))
                    .put("film", host.body(example, random()))
                    .put("film", host.body(example, random()))
                    .history();
            HostedView view = host.view(example).giveOneByOne(history, Giving.PLAINLY);
            assertSame(view, host.view(example).giveAll(history));
          }
        });
  }

  @Test
  void deletedDocumentsLeaveNothingBehind() {
    ViewHost host = host();
    everyViewOfDocuments(
        host,
        example -> {
          History history = history(host, example, 80).withEverythingDeleted(random());
          HostedView view = host.view(example).giveOneByOne(history, Giving.PLAINLY);
          HostedView onlyDeleted = host.view(example).giveAll(history);
          ViewStatistics statistics = view.view().statistics(host.store());
          assertThat(statistics).isEqualTo(new ViewStatistics(0, 0, 0));
          assertThat(view.answers()).as("answers").isEqualTo(host.view(example).answers());
          assertSame(view, onlyDeleted);
        });
  }

  @Test
  void aDocumentThatComesBackIsLikeANewOne() {
    ViewHost host = host();
    everyViewOfDocuments(
        host,
        example -> {
          for (int i = 0; i < 20; i++) {
            History history =
                changes()
                    .put("film", host.body(example, random()))
                    .delete("film")
                    .put("film", host.body(example, random()))
                    .history();
            HostedView view = host.view(example).giveOneByOne(history, Giving.PLAINLY);
            assertSame(view, host.view(example).giveAll(history));
          }
        });
  }

  @Test
  void statisticsCountWhatIsThere() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 150);
          HostedView view = host.view(example);
          boolean more = true;
          while (more) {
            more = view.give(history, history.last(), 1 + random().nextInt(20));
            ViewStatistics statistics = view.view().statistics(host.store());
            assertThat(Answers.errors(view.view(), host.store()))
                .as("errors")
                .hasSize((int) statistics.errors());
            assertThat(statistics.bytes() > 0)
                .as("bytes of %s", statistics)
                .isEqualTo(statistics.rows() > 0);
            if (example.showsRowsByRows() && view.view().methods().containsKey("rows")) {
              Question all = new Question("rows", Map.of());
              assertThat(Answers.rows(view.view(), all, host.store()))
                  .as("rows")
                  .hasSize((int) statistics.rows());
            }
          }
        });
  }

  @Test
  void rowsOfADocumentDoNotDependOnTheOthers() {
    ViewHost host = host();
    everyViewOfDocuments(
        host,
        example -> {
          History history = soundHistory(host, example, 60);
          HostedView together = host.view(example).giveOneByOne(history, Giving.PLAINLY);
          for (Change newest : history.newest().values()) {
            HostedView alone = host.view(example).giveAll(new History(List.of(newest)));
            for (Question question : followed(together.view(), example, host.store())) {
              assertThat(rowsOf(newest.id(), together.view(), question, host.store()))
                  .as("%s of %s", question, newest.id())
                  .isEqualTo(rowsOf(newest.id(), alone.view(), question, host.store()));
            }
          }
        });
  }

  /** The questions whose rows can be followed, and so are those of single documents. */
  private static List<Question> followed(View view, ViewExample example, StoreReader reader) {
    return Answers.questions(view, example).stream()
        .filter(question -> FollowingTests.canBeFollowed(view, question, reader))
        .toList();
  }

  private static List<String> rowsOf(String id, View view, Question question, StoreReader reader) {
    return Answers.rows(view, question, reader).stream()
        .filter(row -> row.documentId().equals(id))
        .map(Answers::withoutPosition)
        .toList();
  }

  @Test
  void oddDocumentsGiveRowsOrErrors() {
    ViewHost host = host();
    List<String> odd =
        List.of(
            "[".repeat(400) + "]".repeat(400),
            "{\"a\":".repeat(200) + "1" + "}".repeat(200),
            '"' + "long ".repeat(20_000) + '"',
            "1" + "0".repeat(12_000),
            "1e999999999",
            "-1e-999999999",
            "{\"\":[{\"\":null}]}",
            "[" + "[1,\"a\"],".repeat(2_000) + "[]]");
    everyExample(
        example -> {
          History.Maker changes = changes();
          for (int i = 0; i < 3 * odd.size(); i++) {
            String value = odd.get(i % odd.size());
            changes.put("film-" + i, oddly(host.body(example, random()), value, i));
            changes.put("even-" + i, host.body(example, random()));
          }
          changes.put("empty", Body.EMPTY);
          History history = changes.history();
          HostedView view = host.view(example).giveOneByOne(history, Giving.PLAINLY);
          assertSame(view, host.view(example).giveAll(history));
        });
  }

  /** The document with another value in one of its members, or in all. */
  private Body oddly(Body body, String value, int number) {
    ObjectNode tree = body.tree();
    List<String> names = new ArrayList<>();
    tree.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty()) {
      return body;
    }
    Set<String> replaced =
        number % 2 == 0 ? Set.copyOf(names) : Set.of(names.get(random().nextInt(names.size())));
    StringBuilder json = new StringBuilder("{");
    for (Map.Entry<String, JsonNode> member : tree.properties()) {
      String text = replaced.contains(member.getKey()) ? value : member.getValue().toString();
      json.append(json.length() > 1 ? "," : "");
      json.append(JsonOrder.text(member.getKey())).append(':').append(text);
    }
    return Body.parse(json.append('}').toString());
  }
}
