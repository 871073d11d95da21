package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.tck.view.HostedView.Giving;
import io.millrace.tck.view.ViewExample.Question;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A document that cannot be computed is its own affair. */
abstract class ErrorTests extends ViewGroup {
  private static final String BAD = "bad film";
  private static final Comparator<String> BY_UTF8 =
      Comparator.comparing(id -> id.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  ErrorTests(ViewTck tck) {
    super(tck);
  }

  /** Something that holds of every example that knows a document that fails. */
  private interface FailingCheck {
    void of(ViewExample example, Body failing);
  }

  private void everyFailure(FailingCheck check) {
    everyExample(
        example -> {
          Body failing = example.failing();
          if (failing != null) {
            check.of(example, failing);
          }
        });
  }

  private static List<String> failedIds(View view, StoreReader reader) {
    return Answers.errors(view, reader).stream().map(DocumentError::id).toList();
  }

  /** A history with a document that fails somewhere in it. */
  private History withFailure(History sound, Body failing) {
    List<Change> changes = new ArrayList<>(sound.changes());
    Change bad = changes().put(BAD, failing).history().changes().get(0);
    int at = random().nextInt(changes.size());
    Change replaced = changes.get(at);
    changes.set(
        at,
        new Change(
            replaced.sequence(),
            bad.bucket(),
            BAD,
            bad.revision(),
            null,
            false,
            replaced.commit(),
            failing));
    return new History(changes);
  }

  private static History without(History history) {
    return new History(
        history.changes().stream().filter(change -> !change.id().equals(BAD)).toList());
  }

  @Test
  void aFailureIsListedAndDisturbsNoOtherDocument() {
    ViewHost host = host();
    everyFailure(
        (example, failing) -> {
          for (int i = 0; i < 5; i++) {
            History history = withFailure(soundHistory(host, example, 60), failing);
            HostedView view = host.view(example).giveAll(history);
            HostedView expected = host.view(example).giveAll(without(history));
            assertThat(failedIds(view.view(), host.store()))
                .as("errors")
                .contains(BAD)
                .containsAll(failedIds(expected.view(), host.store()));
            assertThat(message(view.view(), host.store())).as("the message").isNotBlank();
            for (Question question : Answers.questions(view.view(), example)) {
              if (isSource(view.view(), question)) {
                assertThat(rowsOfOthers(view.view(), question, example, host.store()))
                    .as("%s", question)
                    .isEqualTo(rowsOfOthers(expected.view(), question, example, host.store()));
              }
            }
          }
        });
  }

  private static String message(View view, StoreReader reader) {
    return Answers.errors(view, reader).stream()
        .filter(error -> error.id().equals(BAD))
        .findAny()
        .orElseThrow()
        .message();
  }

  private static boolean isSource(View view, Question question) {
    return view.methods().get(question.method()) instanceof ViewMethod.Source;
  }

  /**
   * What is shown but for the failed document, which must not be shown at all unless the example
   * says so. Keys of a view of all changes tell how many there were.
   */
  private static List<String> rowsOfOthers(
      View view, Question question, ViewExample example, StoreReader reader) {
    return Answers.rows(view, question, reader).stream()
        .filter(row -> !example.findsFailed() || !row.documentId().equals(BAD))
        .map(
            row ->
                view.input() == ViewInput.CHANGES
                    ? Answers.utf8(row.value())
                    : Answers.withoutPosition(row))
        .toList();
  }

  @Test
  void aFailureLosesTheRowsThatItHad() {
    ViewHost host = host();
    everyFailure(
        (example, failing) -> {
          if (host.view(example).view().input() == ViewInput.CHANGES) {
            return;
          }
          for (int i = 0; i < 10; i++) {
            History history =
                changes().put(BAD, host.body(example, random())).put(BAD, failing).history();
            HostedView view = host.view(example).giveOneByOne(history, Giving.PLAINLY);
            assertThat(view.view().statistics(host.store()).rows()).as("rows").isZero();
            assertThat(failedIds(view.view(), host.store())).containsExactly(BAD);
            assertSame(view, host.view(example).giveAll(history));
          }
        });
  }

  @Test
  void aFailureIsForgottenWhenTheDocumentIsMendedOrDeleted() {
    ViewHost host = host();
    everyFailure(
        (example, failing) -> {
          if (host.view(example).view().input() == ViewInput.CHANGES) {
            return;
          }
          Body sound = host.body(example, random());
          History mended = changes().put(BAD, failing).put(BAD, sound).history();
          History deleted = changes().put(BAD, failing).delete(BAD).history();
          for (History history : List.of(mended, deleted)) {
            HostedView view = host.view(example).giveOneByOne(history, Giving.PLAINLY);
            HostedView expected = host.view(example).giveAll(history);
            assertThat(failedIds(view.view(), host.store()))
                .isEqualTo(failedIds(expected.view(), host.store()));
            assertSame(view, expected);
          }
        });
  }

  @Test
  void everyDocumentMayFail() {
    ViewHost host = host();
    everyFailure(
        (example, failing) -> {
          History history = History.random(random(), 40, () -> failing, null);
          HostedView view = host.view(example).giveOneByOne(history, Giving.PLAINLY);
          assertSame(view, host.view(example).giveAll(history));
          if (view.view().input() == ViewInput.DOCUMENTS) {
            assertThat(failedIds(view.view(), host.store()))
                .containsExactlyElementsOf(
                    history.newest().values().stream()
                        .filter(change -> !change.deleted())
                        .map(Change::id)
                        .sorted(BY_UTF8)
                        .toList());
          }
        });
  }
}
