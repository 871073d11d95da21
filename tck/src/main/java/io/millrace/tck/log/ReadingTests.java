package io.millrace.tck.log;

import static io.millrace.tck.log.LogModel.read;
import static io.millrace.tck.log.LogModel.readAll;
import static io.millrace.tck.log.LogModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.Seed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is read is what a plain list would give. */
abstract class ReadingTests extends LogGroup {
  private static final int ROUNDS = 400;

  ReadingTests(LogTck kit) {
    super(kit);
  }

  /** Appends batches of random sizes with records of random lengths. */
  private LogModel filled(Random random, int batches) {
    LogModel model = new LogModel();
    for (int i = 0; i < batches; i++) {
      String[] texts = new String[1 + random.nextInt(5)];
      for (int j = 0; j < texts.length; j++) {
        texts[j] =
            i + "." + j + ":" + "r".repeat(random.nextInt(random.nextInt(20) == 0 ? 5000 : 50));
      }
      model.append(log(), texts);
    }
    return model;
  }

  @Test
  void everyRangeGivesWhatAListWouldGive() {
    Seed seed = Seed.next();
    Random random = seed.random();
    LogModel model = filled(random, 60);
    for (int i = 0; i < ROUNDS; i++) {
      SequenceRange range = randomRange(random, model.size());
      assertThat(read(log(), range)).as("%s %s", seed, range).isEqualTo(model.expected(range));
    }
    model.assertIsIn(log());
  }

  private static SequenceRange randomRange(Random random, int size) {
    SequenceRange range = SequenceRange.all();
    if (random.nextBoolean()) {
      range = range.gt(random.nextInt(-1, size + 3));
    }
    if (random.nextBoolean()) {
      range = range.gte(random.nextInt(-1, size + 3));
    }
    if (random.nextBoolean()) {
      range = range.lt(random.nextInt(-1, size + 3));
    }
    if (random.nextBoolean()) {
      range = range.lte(random.nextInt(-1, size + 3));
    }
    if (random.nextBoolean()) {
      range = range.limited(random.nextInt(random.nextBoolean() ? 4 : size + 3));
    }
    return range.reversed(random.nextBoolean());
  }

  @Test
  void readingOfAMissingSequenceFindsNothing() {
    new LogModel().append(log(), "a", "b");
    for (long missing : new long[] {Long.MIN_VALUE, -1, 0, 3, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> log().read(missing))
          .as("sequence %d", missing)
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void arrayThatWasReadBelongsToTheReader() {
    new LogModel().append(log(), "abc");
    Arrays.fill(log().read(1), (byte) 'x');
    assertThat(text(log().read(1))).isEqualTo("abc");
  }

  @Test
  void cursorEndsWithWhatWasThereWhenItWasMade() {
    LogModel model = new LogModel();
    model.append(log(), "a", "b");
    try (LogCursor forward = log().read(SequenceRange.all());
        LogCursor reverse = log().read(SequenceRange.all().reversed(true))) {
      model.append(log(), "c");
      assertThat(readAll(forward)).isEqualTo(model.expected(SequenceRange.between(1, 2)));
      assertThat(readAll(reverse))
          .isEqualTo(model.expected(SequenceRange.between(1, 2).reversed(true)));
    }
  }

  @Test
  void cursorThatIsNotOnARecordSaysSo() {
    new LogModel().append(log(), "a");
    try (LogCursor cursor = log().read(SequenceRange.all())) {
      assertThatThrownBy(cursor::current).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(cursor::sequence).isInstanceOf(IllegalStateException.class);
      assertThat(cursor.advance()).isTrue();
      assertThat(cursor.advance()).isFalse();
      assertThat(cursor.advance()).isFalse();
      assertThatThrownBy(cursor::current).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(cursor::sequence).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closedCursorAdvancesNoMore() {
    new LogModel().append(log(), "a", "b");
    LogCursor cursor = log().read(SequenceRange.all());
    assertThat(cursor.advance()).isTrue();
    cursor.close();
    cursor.close();
    assertThatThrownBy(cursor::advance).isInstanceOf(UnavailableException.class);
  }

  @Test
  void positionOfTheCurrentRecordMayBeMoved() {
    LogModel model = new LogModel();
    model.append(log(), "abc", "de", "f");
    try (LogCursor cursor = log().read(SequenceRange.all())) {
      StringBuilder seen = new StringBuilder();
      while (cursor.advance()) {
        ByteBuffer current = cursor.current();
        while (current.hasRemaining()) {
          seen.append((char) current.get());
        }
        seen.append('|');
      }
      assertThat(seen).hasToString("abc|de|f|");
    }
  }

  @Test
  void cursorsDoNotDisturbEachOther() {
    Seed seed = Seed.next();
    LogModel model = filled(seed.random(), 40);
    try (LogCursor forward = log().read(SequenceRange.all());
        LogCursor reverse = log().read(SequenceRange.all().reversed(true))) {
      for (long i = 1; i <= model.size(); i++) {
        assertThat(forward.advance()).isTrue();
        assertThat(reverse.advance()).isTrue();
        assertThat(forward.sequence()).isEqualTo(i);
        assertThat(text(forward.current()))
            .as(seed.toString())
            .isEqualTo(text(log().read(forward.sequence())));
        assertThat(text(reverse.current()))
            .as(seed.toString())
            .isEqualTo(text(log().read(reverse.sequence())));
      }
    }
  }

  @Test
  void interruptedThreadReadsAndStaysInterrupted() {
    LogModel model = new LogModel();
    model.append(log(), "a", "b");
    Thread.currentThread().interrupt();
    try {
      assertThat(text(log().read(1))).isEqualTo("a");
      assertThat(read(log(), SequenceRange.all())).isEqualTo(model.expected(SequenceRange.all()));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    model.append(log(), "c");
    model.assertIsIn(log());
  }
}
