package io.millrace.tck.view;

import io.millrace.tck.view.HostedView.Giving;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A view that is being closed gives up its batch, or finishes it. */
abstract class InterruptionTests extends ViewGroup {
  InterruptionTests(ViewTck tck) {
    super(tck);
  }

  @Test
  void anInterruptedViewCanBeOpenedAgain() {
    ViewHost host = host();
    everyExample(
        example -> {
          for (Giving giving : List.of(Giving.INTERRUPTED, Giving.INTERRUPTED_MEANWHILE)) {
            History history = history(host, example, 100);
            HostedView view = host.view(example);
            boolean more = true;
            while (more) {
              more = giveInterrupted(view, history, giving);
              view.give(history, history.last(), 5);
            }
            assertSame(view.giveAll(history), host.view(example).giveAll(history));
          }
        });
  }

  @Test
  void anInterruptedViewDisturbsNoOtherOfItsModule() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 80);
          HostedView view = host.view(example);
          HostedView other = host.view(example);
          boolean more = true;
          while (more) {
            giveInterrupted(view, history, Giving.INTERRUPTED_MEANWHILE);
            more = other.give(history, history.last(), 6);
          }
          assertSame(other.settle(), host.view(example).giveAll(history));
        });
  }

  /** Gives a portion that the view may give up, and is opened again for. */
  private static boolean giveInterrupted(HostedView view, History history, Giving giving) {
    try {
      return view.give(history, history.last(), 30, giving);
    } catch (InterruptedException e) {
      view.reopen();
      return true;
    }
  }
}
