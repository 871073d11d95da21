package io.millrace.tck.log;

import static io.millrace.tck.log.LogModel.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What was answered survives, and nothing in parts. */
abstract class CrashingTests extends LogGroup {
  private static final int ROUNDS = 12;

  CrashingTests(LogTck kit) {
    super(kit);
  }

  /** Whether the log crashes; if not, checks that it behaves as documented. */
  private boolean crashes() {
    if (fixture().canCrash()) {
      return true;
    }
    assertThatThrownBy(() -> fixture().crash(log()))
        .isInstanceOf(UnsupportedOperationException.class);
    return false;
  }

  @Test
  void answeredBatchesSurvive() {
    if (!crashes()) {
      return;
    }
    Incarnation incarnation = log().incarnation();
    LogModel model = new LogModel();
    for (int round = 0; round < 3; round++) {
      model.append(log(), "a".repeat(5_000));
      model.append(log(), "b" + round, "c" + round);
      Log again = crashAndOpen();
      assertThat(again.incarnation()).isEqualTo(incarnation);
      model.assertIsIn(again);
    }
    model.append(log(), "after");
    model.assertIsIn(log());
    model.assertIsIn(reopen());
  }

  @Test
  void whatSurvivesACrashAmidAppendsIsAPrefixOfWholeBatches() {
    if (!crashes()) {
      return;
    }
    Seed seed = Seed.next();
    Random random = seed.random();
    LogModel model = new LogModel();
    for (int round = 0; round < ROUNDS; round++) {
      List<String[]> batches = new ArrayList<>();
      List<CompletionStage<Long>> answers = new ArrayList<>();
      int count = 1 + random.nextInt(40);
      for (int i = 0; i < count; i++) {
        String[] texts = new String[1 + random.nextInt(4)];
        for (int j = 0; j < texts.length; j++) {
          texts[j] = round + "." + i + "." + j + "x".repeat(random.nextInt(300));
        }
        batches.add(texts);
        answers.add(log().append(batch(texts)));
      }
      LogModel.await(answers.get(random.nextInt(count)));
      Log again = crashAndOpen();
      model = survivors(model, batches, answers, again, seed);
      model.append(again, "after the crash " + round);
    }
    model.assertIsIn(log());
  }

  /** The model extended by the batches that survived, which must be a prefix. */
  private static LogModel survivors(
      LogModel before,
      List<String[]> batches,
      List<CompletionStage<Long>> answers,
      Log again,
      Seed seed) {
    List<LogModel.Numbered> found = LogModel.read(again, SequenceRange.all());
    assertThat(again.since().value()).as(seed.toString()).isEqualTo(found.size());
    LogModel model = before;
    for (int i = 0; i < batches.size() && model.size() < found.size(); i++) {
      model.add(batches.get(i));
    }
    assertThat(found)
        .as("%s: the survivors are a prefix of whole batches", seed)
        .isEqualTo(model.expected(SequenceRange.all()));
    for (CompletionStage<Long> answer : answers) {
      if (isAnswered(answer)) {
        assertThat(LogModel.await(answer))
            .as("%s: an answered batch survives", seed)
            .isLessThanOrEqualTo(found.size());
      }
    }
    return model;
  }

  private static boolean isAnswered(CompletionStage<Long> answer) {
    return answer.toCompletableFuture().isDone()
        && !answer.toCompletableFuture().isCompletedExceptionally();
  }

  @Test
  void crashOfAnEmptyLogLeavesAnEmptyLog() {
    if (!crashes()) {
      return;
    }
    new LogModel().assertIsIn(crashAndOpen());
    LogModel model = new LogModel();
    model.append(log(), "first");
    model.assertIsIn(log());
  }
}
