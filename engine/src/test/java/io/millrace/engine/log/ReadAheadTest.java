package io.millrace.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Log;
import io.millrace.backend.memory.MemoryLogProvider;
import io.millrace.engine.ProbedLog;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.tck.Seed;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final long MEMORY = 1 << 20;

  private final ProbedLog probe = new ProbedLog(memoryLog());
  private final EngineLog log = new EngineLog(() -> probe, MEMORY);

  private static Log memoryLog() {
    MemoryLogProvider provider = new MemoryLogProvider();
    return provider.open(
        Settings.defaults(provider.settings()),
        new ModuleContext(Path.of("unused"), Clock.systemUTC(), new Random(1), Meters.none()));
  }

  private void append(int records, int bodyBytes) {
    for (int i = 0; i < records; i++) {
      StoredChange change =
          new StoredChange(1, "d" + i, List.of(new Revision(1, i, i)), false, new byte[bodyBytes]);
      log.append(List.of(new LogRecord(null, 1, change).encode())).toCompletableFuture().join();
    }
  }

  /** Announces as many of {@code wanted} as there is room for, and reads them. */
  private static int window(ReadAhead ahead, List<Long> wanted) {
    ahead.begin(wanted.size());
    int announced = 0;
    boolean room = true;
    while (room && announced < wanted.size()) {
      room = ahead.announce(wanted.get(announced++), 0);
    }
    ahead.read();
    return announced;
  }

  private static List<Long> shuffled(long first, long last, long step, Random random) {
    List<Long> sequences =
        new ArrayList<>(
            LongStream.rangeClosed(0, (last - first) / step)
                .mapToObj(i -> first + i * step)
                .toList());
    Collections.shuffle(sequences, random);
    return sequences;
  }

  /** Lets the windows of {@code ahead} grow to their bound. */
  private static void grow(ReadAhead ahead) {
    for (int i = 0; i < 8; i++) {
      ahead.begin(1);
    }
  }

  @Test
  void recordsInAnyOrderAreReadInTheOrderOfTheLog() {
    Seed seed = Seed.next();
    append(2_000, 10);
    try (ReadAhead ahead = log.ahead()) {
      grow(ahead);
      List<Long> wanted = shuffled(3, 1_999, 5, seed.random());
      assertThat(window(ahead, wanted)).isEqualTo(wanted.size());
      assertThat(probe.lookedUp).as("%s", seed).isEmpty();
      assertThat(probe.passed)
          .containsExactlyElementsOf(LongStream.rangeClosed(3, 1_998).boxed().toList());
      probe.passed.clear();
      for (long sequence : wanted) {
        assertThat(RecordReader.changeOf(sequence, ahead.record(sequence)).id())
            .as("%s: %d", seed, sequence)
            .isEqualTo("d" + (sequence - 1));
      }
      assertThat(probe.lookedUp).isEmpty();
      assertThat(probe.passed).isEmpty();
    }
  }

  @Test
  void recordsFarApartAreLookedUpInTheOrderOfTheLog() {
    append(2_000, 10);
    try (ReadAhead ahead = log.ahead()) {
      grow(ahead);
      window(ahead, List.of(1_500L, 10L, 700L, 1_100L, 300L));
      assertThat(probe.lookedUp).containsExactly(10L, 300L, 700L, 1_100L, 1_500L);
      assertThat(probe.passed).isEmpty();
    }
  }

  @Test
  void windowsGrowFromFew() {
    append(600, 10);
    List<Long> wanted = shuffled(1, 600, 1, new Random(1));
    try (ReadAhead ahead = log.ahead()) {
      assertThat(window(ahead, wanted)).isEqualTo(4);
      assertThat(window(ahead, wanted)).isEqualTo(16);
      assertThat(window(ahead, wanted)).isEqualTo(64);
      assertThat(window(ahead, wanted)).isEqualTo(256);
      assertThat(window(ahead, wanted.subList(0, 100))).isEqualTo(100);
    }
  }

  @Test
  void whatIsHeldIsBoundedWhateverTheLengthAndTheNumberOfReaders() {
    int bytes = 50_000;
    append(200, bytes);
    List<Long> wanted = shuffled(1, 200, 1, new Random(1));
    List<ReadAhead> all = new ArrayList<>();
    int held = 0;
    for (int i = 0; i < 6; i++) {
      ReadAhead ahead = log.ahead();
      all.add(ahead);
      // The first windows find out how long records are.
      window(ahead, wanted);
      window(ahead, wanted);
      int announced = window(ahead, wanted);
      probe.lookedUp.clear();
      for (int a = 0; a < announced; a++) {
        probe.passed.clear();
        int lookedUp = probe.lookedUp.size();
        long sequence = wanted.get(a);
        assertThat(RecordReader.changeOf(sequence, ahead.record(sequence)).id())
            .isEqualTo("d" + (sequence - 1));
        held += probe.lookedUp.size() == lookedUp && probe.passed.isEmpty() ? 1 : 0;
      }
    }
    assertThat((long) held * bytes).isBetween(MEMORY / 4, MEMORY);
    all.forEach(ReadAhead::close);
    try (ReadAhead again = log.ahead()) {
      window(again, wanted);
      window(again, wanted);
      probe.lookedUp.clear();
      int announced = window(again, wanted);
      assertThat((long) announced * bytes).isBetween(MEMORY / 2, MEMORY);
    }
  }

  @Test
  void lengthsThatCannotBeKnownAheadDoNotBreakTheBound() {
    append(300, 10);
    append(300, 50_000);
    List<Long> wanted = shuffled(1, 600, 1, new Random(1));
    Collections.sort(wanted);
    try (ReadAhead ahead = log.ahead()) {
      grow(ahead);
      int announced = window(ahead, wanted);
      assertThat(announced).isEqualTo(600);
      probe.lookedUp.clear();
      probe.passed.clear();
      for (long sequence : wanted) {
        assertThat(RecordReader.changeOf(sequence, ahead.record(sequence)).body())
            .hasSize(sequence <= 300 ? 10 : 50_000);
      }
      int read = probe.lookedUp.size() + probe.passed.size();
      assertThat(read).isGreaterThan(300 - (int) (MEMORY / 50_000));
    }
  }

  @Test
  void damageFailsWhereItIsAskedForAndNowhereElse() {
    append(500, 10);
    probe.damaged.add(250L);
    probe.damaged.add(301L);
    try (ReadAhead ahead = log.ahead()) {
      grow(ahead);
      List<Long> wanted = shuffled(2, 500, 2, new Random(1));
      window(ahead, wanted);
      probe.lookedUp.clear();
      for (long sequence : wanted) {
        if (sequence == 250) {
          assertThatThrownBy(() -> ahead.record(250)).isInstanceOf(CorruptionException.class);
        } else {
          assertThat(RecordReader.changeOf(sequence, ahead.record(sequence)).id())
              .isEqualTo("d" + (sequence - 1));
        }
      }
      assertThat(probe.lookedUp).containsExactly(250L);
    }
  }

  @Test
  void nothingIsReadAheadOfAClosedLog() {
    append(100, 10);
    try (ReadAhead ahead = log.ahead()) {
      grow(ahead);
      log.close();
      window(ahead, shuffled(1, 100, 1, new Random(1)));
      assertThatThrownBy(() -> ahead.record(1)).isInstanceOf(UnavailableException.class);
      assertThatThrownBy(ahead::requireOpen).isInstanceOf(UnavailableException.class);
    }
  }
}
