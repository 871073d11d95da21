package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewMethod;
import io.millrace.tck.Patience;
import io.millrace.tck.view.ViewExample.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Reading sees one moment, whatever is written meanwhile. */
abstract class ReadingTests extends ViewGroup {
  ReadingTests(ViewTck tck) {
    super(tck);
  }

  /** Walks over all that a cursor has, and then some. */
  static <T> void assertKeepsToTheRules(Cursor<T> cursor) {
    assertThatThrownBy(cursor::current).isInstanceOf(IllegalStateException.class);
    while (cursor.advance()) {
      assertThat(cursor.current()).isNotNull();
    }
    assertThatThrownBy(cursor::current).isInstanceOf(IllegalStateException.class);
    assertThat(cursor.advance()).isFalse();
    cursor.close();
    cursor.close();
  }

  /** What was answered at a moment. */
  private record Moment(StoreSnapshot snapshot, List<String> answers) {}

  @Test
  void anOldSnapshotKeepsItsAnswers() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 100);
          HostedView view = host.view(example);
          List<Moment> moments = new ArrayList<>();
          try {
            for (long now = 1; now <= history.last(); now += 20) {
              view.give(history, now, 50);
              StoreSnapshot snapshot = host.store().snapshot();
              moments.add(new Moment(snapshot, view.answers(snapshot)));
              view.settleOnce();
            }
            view.giveAll(history);
            for (Moment moment : moments) {
              assertThat(view.answers(moment.snapshot())).isEqualTo(moment.answers());
            }
          } finally {
            moments.forEach(moment -> moment.snapshot().close());
          }
        });
  }

  @Test
  void readersAndTheApplyingThreadDoNotDisturbEachOther() throws Exception {
    ViewHost host = host();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      everyExample(
          example -> {
            HostedView view = host.view(example);
            History history = history(host, example, 120);
            AtomicBoolean done = new AtomicBoolean();
            CountDownLatch reading = new CountDownLatch(2);
            Map<String, List<String>> answers = new ConcurrentHashMap<>();
            Runnable read = () -> read(host, view, done, reading, answers);
            List<Future<?>> both = List.of(readers.submit(read), readers.submit(read));
            try {
              assertThat(reading.await(Patience.millis(), TimeUnit.MILLISECONDS)).isTrue();
              for (long now = 1; now <= history.last(); now++) {
                view.give(history, now, 2);
                if (random().nextInt(8) == 0) {
                  view.settleOnce();
                }
              }
            } finally {
              done.set(true);
              for (Future<?> one : both) {
                one.get(Patience.millis(), TimeUnit.MILLISECONDS);
              }
            }
            assertSame(view.giveAll(history), host.view(example).giveAll(history));
          });
    } finally {
      readers.shutdown();
      assertThat(readers.awaitTermination(Patience.millis(), TimeUnit.MILLISECONDS)).isTrue();
    }
  }

  /** Asks again and again; at the same position the answers are the same, whoever asks. */
  private static void read(
      ViewHost host,
      HostedView view,
      AtomicBoolean done,
      CountDownLatch reading,
      Map<String, List<String>> answers) {
    boolean last = false;
    while (!last) {
      last = done.get();
      try (StoreSnapshot snapshot = host.store().snapshot()) {
        List<String> now = view.answers(snapshot);
        assertThat(view.answers(snapshot)).as("the same question again").isEqualTo(now);
        List<String> before = answers.putIfAbsent(view.moment(snapshot), now);
        if (before != null) {
          assertThat(now).as("the same moment for another reader").isEqualTo(before);
        }
      }
      reading.countDown();
    }
  }

  @Test
  void cursorsKeepToTheRules() {
    ViewHost host = host();
    everyExample(
        example -> {
          HostedView view = host.view(example).giveAll(history(host, example, 40));
          for (Question question : Answers.questions(view.view(), example)) {
            if (view.view().methods().get(question.method()) instanceof ViewMethod.Source source) {
              Cursor<Row> rows = source.rows().call(question.texts(), host.store());
              assertKeepsToTheRules(rows);
            }
          }
          assertKeepsToTheRules(view.view().errors(host.store()));
        });
  }
}
