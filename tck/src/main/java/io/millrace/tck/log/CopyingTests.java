package io.millrace.tck.log;

import static io.millrace.tck.log.LogModel.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Log;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.Seed;
import io.millrace.tck.TemporaryFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copy is the log as it was, durable, and stays so. */
abstract class CopyingTests extends LogGroup {
  private static final int COPIES = 4;

  private @Nullable TemporaryFolder folder;

  CopyingTests(LogTck kit) {
    super(kit);
  }

  @BeforeEach
  void makeFolder() {
    folder = TemporaryFolder.create();
  }

  @AfterEach
  void removeFolder() {
    if (folder != null) {
      folder.close();
    }
  }

  private Path copy(int number) {
    return Objects.requireNonNull(folder).path().resolve("copy-" + number);
  }

  /** Whether the log writes copies; that it says so when it does not. */
  private boolean copies() {
    if (!fixture().canCheckpoint()) {
      assertThatThrownBy(() -> log().checkpoint(copy(0), null))
          .isInstanceOfSatisfying(
              UnsupportedException.class,
              refused -> assertThat(refused.code()).isEqualTo("checkpoint-unsupported"));
      return false;
    }
    return true;
  }

  @Test
  void copyIsTheLogAsItWas() {
    if (!copies()) {
      return;
    }
    LogModel model = new LogModel();
    for (int i = 0; i < 40; i++) {
      model.append(log(), "record " + i, "", "x".repeat(i * 100));
    }
    assertThat(log().checkpoint(copy(1), null)).isEqualTo(120);
    assertThat(log().append(batch("later"))).isNotNull();
    try (Log copy = fixture().openCopy(copy(1))) {
      assertThat(copy.incarnation()).isEqualTo(log().incarnation());
      model.assertIsIn(copy);
      model.append(copy, "of its own", "life");
      model.assertIsIn(copy);
    }
    try (Log copy = fixture().openCopy(copy(1))) {
      model.assertIsIn(copy);
    }
  }

  @Test
  void copyOfAnEmptyLogIsEmpty() {
    if (!copies()) {
      return;
    }
    assertThat(log().checkpoint(copy(1), null)).isZero();
    try (Log copy = fixture().openCopy(copy(1))) {
      assertThat(copy.incarnation()).isEqualTo(log().incarnation());
      new LogModel().assertIsIn(copy);
    }
  }

  /** Each copy is made beside the one before, of a log that was used or opened again meanwhile. */
  @Test
  void copiesBesideEarlierOnesAreEachAsTheLogWas() {
    if (!copies()) {
      return;
    }
    Seed seed = Seed.next();
    Random random = seed.random();
    LogModel model = new LogModel();
    List<List<LogModel.Numbered>> contents = new ArrayList<>();
    for (int number = 1; number <= COPIES; number++) {
      for (int batches = random.nextInt(60); batches > 0; batches--) {
        model.append(log(), "r".repeat(random.nextInt(3_000)), "s" + batches);
      }
      if (random.nextBoolean()) {
        reopen();
      }
      Path earlier = number == 1 ? null : copy(number - 1);
      assertThat(log().checkpoint(copy(number), earlier)).isEqualTo(model.size());
      contents.add(model.expected(SequenceRange.all()));
    }
    model.append(log(), "after all copies");
    for (int number = 1; number <= COPIES; number++) {
      try (Log copy = fixture().openCopy(copy(number))) {
        assertThat(LogModel.read(copy, SequenceRange.all()))
            .as(seed.toString())
            .isEqualTo(contents.get(number - 1));
      }
    }
    model.assertIsIn(log());
  }

  @Test
  void copyDuringAppendsEndsAtABatch() {
    if (!copies()) {
      return;
    }
    int batches = 2_000;
    CompletableFuture<Void> begun = new CompletableFuture<>();
    Thread appending =
        new Thread(
            () -> {
              List<CompletionStage<Long>> answers = new ArrayList<>();
              for (int i = 0; i < batches; i++) {
                answers.add(log().append(batch("first of " + i, "second of " + i)));
                if (i == 20) {
                  answers.get(i).toCompletableFuture().join();
                  begun.complete(null);
                }
              }
              answers.forEach(answer -> answer.toCompletableFuture().join());
            },
            "appending");
    appending.start();
    begun.join();
    List<Long> ends = new ArrayList<>();
    for (int number = 1; number <= COPIES; number++) {
      long before = log().since().value();
      ends.add(log().checkpoint(copy(number), number == 1 ? null : copy(number - 1)));
      assertThat(ends.get(number - 1)).isBetween(before, log().since().value());
    }
    try {
      appending.join();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
    LogModel model = new LogModel();
    for (int i = 0; i < batches; i++) {
      model.add("first of " + i, "second of " + i);
    }
    for (int number = 1; number <= COPIES; number++) {
      long end = ends.get(number - 1);
      assertThat(end % 2).isZero();
      try (Log copy = fixture().openCopy(copy(number))) {
        assertThat(LogModel.read(copy, SequenceRange.all()))
            .isEqualTo(model.expected(SequenceRange.all().lte(end)));
      }
    }
  }

  @Test
  void copyIntoWhatIsThereIsRefused() {
    if (!copies()) {
      return;
    }
    new LogModel().append(log(), "a");
    log().checkpoint(copy(1), null);
    assertRefused(() -> log().checkpoint(copy(1), null));
    assertRefused(() -> log().checkpoint(copy(2).resolve("below"), null));
    assertThat(copy(2)).doesNotExist();
  }

  private static void assertRefused(Runnable copying) {
    assertThatThrownBy(copying::run).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void copyAfterCloseIsRefused() {
    if (!copies()) {
      return;
    }
    Log closed = log();
    closed.close();
    assertThatThrownBy(() -> closed.checkpoint(copy(1), null))
        .isInstanceOf(UnavailableException.class)
        .satisfies(e -> assertThat(((MillraceException) e).code()).isEqualTo("log-closed"));
  }
}
