package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.view.ViewInput;
import io.millrace.tck.Thoroughness;
import io.millrace.tck.view.HostedView.Giving;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies in the keyspace depends on the changes, not on how they came. */
abstract class RebuildingTests extends ViewGroup {
  /** Of few documents, all may happen to be deleted at the end, or to have no rows. */
  private static final int HISTORIES = 20;

  RebuildingTests(ViewTck tck) {
    super(tck);
  }

  @Test
  void oneByOneEqualsOnePass() {
    ViewHost host = host();
    everyExample(
        example -> {
          boolean leftSomething = false;
          for (int i = 0; i < HISTORIES && !leftSomething; i++) {
            History history = history(host, example, 150);
            HostedView onePass = host.view(example).giveAll(history);
            assertSame(host.view(example).giveOneByOne(history, Giving.PLAINLY), onePass);
            leftSomething = !onePass.bytes().isEmpty();
          }
          assertThat(leftSomething).as("whether any history left something").isTrue();
        });
  }

  @Test
  void anySplitWithAnyRestartEqualsOnePass() {
    ViewHost host = host();
    everyExample(
        example -> {
          for (int i = 0; i < Thoroughness.times(5, 100); i++) {
            History history = history(host, example, 20 + random().nextInt(150));
            HostedView onePass = host.view(example).giveAll(history);
            assertSame(host.view(example).giveAtRandom(history, random()), onePass);
          }
        });
  }

  @Test
  void everyBatchMayBeTheLastBeforeARestart() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 60);
          HostedView view = host.view(example);
          while (view.give(history, history.last(), 4)) {
            view.reopen();
            view.settleOnce();
            view.reopen();
          }
          assertSame(view.settle(), host.view(example).giveAll(history));
        });
  }

  @Test
  void aBatchThatWasThrownAwayLeavesNoTrace() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 80);
          HostedView view = host.view(example);
          boolean more = true;
          while (more) {
            List<String> before = view.bytes();
            view.give(history, history.last(), 20, Giving.IN_VAIN);
            if (random().nextBoolean()) {
              view.reopen();
            }
            assertThat(view.bytes()).isEqualTo(before);
            more = view.give(history, history.last(), 7);
          }
          assertSame(view.settle(), host.view(example).giveAll(history));
        });
  }

  @Test
  void documentsNeedNotBeSaidToBeFresh() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 100);
          HostedView view = host.view(example).giveOneByOne(history, Giving.NEVER_FRESH);
          assertSame(view, host.view(example).giveAll(history));
        });
  }

  @Test
  void thePastOfADocumentDoesNotMatter() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 120);
          HostedView view = host.view(example);
          if (view.view().input() == ViewInput.CHANGES) {
            return;
          }
          History newest = new History(new ArrayList<>(history.newest().values()));
          view.giveOneByOne(history, Giving.PLAINLY);
          assertSame(host.view(example).giveAll(newest), view);
        });
  }

  @Test
  void settlingChangesNoAnswer() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 120);
          HostedView view = host.view(example);
          boolean more = true;
          while (more) {
            more = view.give(history, history.last(), 1 + random().nextInt(30));
            List<String> before = view.answers();
            boolean unsettled = true;
            for (int i = random().nextInt(4); unsettled && i > 0; i--) {
              unsettled = view.settleOnce();
              assertThat(view.answers()).as("answers after settling").isEqualTo(before);
            }
          }
          view.settle();
          assertSame(view, host.view(example).giveAll(history));
        });
  }

  @Test
  void aSettledViewHasNothingLeftToDo() {
    ViewHost host = host();
    everyExample(
        example -> {
          HostedView view = host.view(example).giveAll(history(host, example, 60));
          List<String> before = view.bytes();
          assertThat(view.settleOnce()).as("more to settle").isFalse();
          view.reopen();
          assertThat(view.settleOnce()).as("more to settle when opened again").isFalse();
          assertThat(view.bytes()).isEqualTo(before);
        });
  }
}
