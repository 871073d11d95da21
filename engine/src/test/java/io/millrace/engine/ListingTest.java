package io.millrace.engine;

import static io.millrace.engine.Use.all;
import static io.millrace.engine.Use.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Log;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.read.DocumentReader;
import io.millrace.engine.read.ReadHorizon;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.SettableSequence;
import io.millrace.spi.Settings;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of documents, which are read ahead in windows. */
@ExtendWith(NothingLeftBehind.class)
class ListingTest {
  private static final String B = "b";
  private static final long PLENTY = 32L << 20;

  @TempDir Path folder;

  /** What lists are made of, without a database around it. */
  private final class Parts implements AutoCloseable {
    final ProbedLog probe =
        new ProbedLog(
            new KeptLogProvider()
                .open(
                    Settings.defaults(List.of()),
                    new ModuleContext(
                        folder.toAbsolutePath().normalize().resolve("log"),
                        Clock.systemUTC(),
                        new Random(1),
                        Meters.none())));
    final EngineLog log;
    final Store store = KeptStoreProvider.shelf(folder).present();
    final DocumentIndex index = new DocumentIndex(store);
    final DocumentReader reader;

    Parts(long readAheadBytes) {
      Log probed = probe;
      log = new EngineLog(() -> probed, readAheadBytes);
      ReadHorizon horizon = new ReadHorizon(new SettableSequence("index", log.durableSequence()));
      reader = new DocumentReader(index, log, horizon, Meters.none());
    }

    @Override
    public void close() {
      log.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_500, 6_000, PLENTY})
  void listsAreThoseOfTheModelHoweverLittleIsReadAhead(long readAheadBytes) {
    Seed seed = Seed.next();
    Random random = seed.random();
    PastModel model = new PastModel(random);
    try (Database database = Use.kept(folder).clock(model.clock()).open()) {
      model.run(database, 300);
    }
    try (Parts parts = new Parts(readAheadBytes)) {
      for (int i = 0; i < 500; i++) {
        boolean past = random.nextInt(3) > 0;
        long at = past ? 1 + random.nextInt((int) model.lastSequence()) : model.lastSequence();
        String bucket = PastModel.BUCKETS.get(random.nextInt(3));
        DocumentRange range =
            new DocumentRange(
                null,
                null,
                null,
                null,
                random.nextBoolean(),
                past ? at : DocumentRange.NOW,
                random.nextInt(4) > 0,
                random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(6));
        List<Document> expected = new ArrayList<>();
        for (String id : model.bodiesAt(bucket, at).keySet()) {
          expected.add(Objects.requireNonNull(model.at(bucket, id, at)));
        }
        if (range.reverse()) {
          Collections.reverse(expected);
        }
        expected = expected.subList(0, (int) Math.min(range.limit(), expected.size()));
        List<Document> found = all(parts.reader.list(bucket, range));
        if (range.bodies()) {
          assertThat(found).as("%s: %s %s", seed, bucket, range).isEqualTo(expected);
        } else {
          assertThat(found)
              .as("%s: %s %s", seed, bucket, range)
              .usingRecursiveFieldByFieldElementComparatorIgnoringFields("body")
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void longListsAreRightAcrossWindows() {
    Seed seed = Seed.next();
    Random random = seed.random();
    TreeMap<String, String> present = new TreeMap<>();
    Map<Long, TreeMap<String, String>> moments = new LinkedHashMap<>();
    try (Database database = Folders.segmented(folder.resolve("data")).open()) {
      for (int round = 0; round < 3; round++) {
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, 1_500).boxed().toList());
        Collections.shuffle(numbers, random);
        for (int first = 0; first < numbers.size(); first += 100) {
          List<Edit> edits = new ArrayList<>();
          for (int number : numbers.subList(first, first + 100)) {
            String id = String.format(Locale.ROOT, "d%05d", number);
            if (present.containsKey(id) && random.nextInt(8) == 0) {
              edits.add(Use.delete(B, id));
              present.remove(id);
            } else {
              int length = random.nextInt(50) == 0 ? 20_000 : random.nextInt(100);
              String body = "{\"r\":" + round + ",\"t\":\"" + "x".repeat(length) + "\"}";
              edits.add(Use.put(B, id, body));
              present.put(id, body);
            }
          }
          await(database.commit(CommitRequest.write(edits, Use.NOBODY)));
          if (first % 500 == 0) {
            moments.put(database.since().value(), new TreeMap<>(present));
          }
        }
      }
      moments.put(DocumentRange.NOW, present);
      moments.forEach(
          (at, documents) -> {
            for (boolean reverse : new boolean[] {false, true}) {
              DocumentRange range = new DocumentRange(null, null, null, null, reverse, at, true);
              Map<String, String> found = new LinkedHashMap<>();
              for (Document document : all(database.bucket(B).documents(range))) {
                found.put(document.id(), document.body().toString());
              }
              Map<String, String> expected = reverse ? documents.descendingMap() : documents;
              assertThat(List.copyOf(found.entrySet()))
                  .as("%s: %s", seed, range)
                  .isEqualTo(List.copyOf(expected.entrySet()));
            }
          });
    }
  }

  /** Documents d000, d001, ..., changed in another order, twice. */
  private void fill(int documents) {
    try (Database database = Use.kept(folder).open()) {
      for (int round = 0; round < 2; round++) {
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
          edits.add(Use.put(B, id(i), "{\"round\":" + round + "}"));
        }
        Collections.shuffle(edits, new Random(round));
        await(database.commit(CommitRequest.write(edits, Use.NOBODY)));
      }
    }
  }

  private static String id(int number) {
    return String.format(Locale.ROOT, "d%04d", number);
  }

  @Test
  void longListReadsTheLogInItsOrder() {
    fill(4_000);
    try (Parts parts = new Parts(PLENTY)) {
      for (long at : new long[] {4_000, DocumentRange.NOW}) {
        parts.probe.lookedUp.clear();
        assertThat(all(parts.reader.list(B, DocumentRange.all().at(at)))).hasSize(4_000);
        assertThat(parts.probe.lookedUp.size()).isLessThan(200);
      }
    }
  }

  @Test
  void shortListReadsNoMoreThanItShows() {
    fill(4_000);
    try (Parts parts = new Parts(PLENTY)) {
      for (long at : new long[] {4_000, DocumentRange.NOW}) {
        parts.probe.lookedUp.clear();
        parts.probe.passed.clear();
        assertThat(all(parts.reader.list(B, DocumentRange.all().at(at).limited(5)))).hasSize(5);
        assertThat(parts.probe.lookedUp.size() + parts.probe.passed.size()).isEqualTo(5);
        parts.probe.lookedUp.clear();
        try (Cursor<Document> documents = parts.reader.list(B, DocumentRange.all().at(at))) {
          assertThat(documents.advance()).isTrue();
        }
        assertThat(parts.probe.lookedUp.size() + parts.probe.passed.size()).isLessThan(500);
      }
    }
    assertThatThrownBy(() -> DocumentRange.all().limited(-1))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void damagedRecordFailsAtItsPlaceAndOthersAreListed() {
    fill(1_000);
    DocumentRange range = DocumentRange.all().at(1_500);
    try (Parts parts = new Parts(PLENTY)) {
      List<Long> winners =
          all(parts.reader.list(B, range)).stream().map(Document::sequence).toList();
      long winner = winners.get(700);
      long other =
          LongStream.rangeClosed(400, 1_500)
              .filter(sequence -> !winners.contains(sequence))
              .findFirst()
              .orElseThrow();
      parts.probe.damaged.add(winner);
      parts.probe.damaged.add(other);
      parts.probe.passed.clear();
      List<String> found = new ArrayList<>();
      try (Cursor<Document> documents = parts.reader.list(B, range)) {
        for (int i = 0; i < 700; i++) {
          assertThat(documents.advance()).isTrue();
          found.add(documents.current().id());
        }
        assertThatThrownBy(documents::advance)
            .isInstanceOf(CorruptionException.class)
            .hasMessageContaining("record " + winner);
        assertThatThrownBy(documents::current).isInstanceOf(IllegalStateException.class);
        while (documents.advance()) {
          found.add(documents.current().id());
        }
      }
      assertThat(parts.probe.passed).contains(other);
      assertThat(found)
          .isEqualTo(
              IntStream.range(0, 1_000).filter(i -> i != 700).mapToObj(ListingTest::id).toList());
    }
  }

  @Test
  void rowThatCannotBeReadFailsAfterAllBeforeIt() {
    fill(300);
    try (Parts parts = new Parts(PLENTY)) {
      BucketState bucket = Objects.requireNonNull(parts.index.buckets().named(B));
      StoreReader broken = new BrokenReader(parts.store, 200);
      try (Cursor<Document> documents =
          parts.reader.documents(bucket).range(KeyRange.all(), broken)) {
        for (int i = 0; i < 200; i++) {
          assertThat(documents.advance()).isTrue();
          assertThat(documents.current().id()).isEqualTo(id(i));
        }
        assertThatThrownBy(documents::advance).isInstanceOf(CorruptionException.class);
      }
    }
  }

  /** Rows of which one cannot be read. */
  private record BrokenReader(StoreReader reader, int before) implements StoreReader {
    @Override
    public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
      return reader.get(keyspace, key);
    }

    @Override
    public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
      return reader.getAll(keyspace, keys);
    }

    @Override
    public StoreCursor range(Keyspace keyspace, KeyRange range) {
      StoreCursor rows = reader.range(keyspace, range);
      return new StoreCursor() {
        private int left = before;

        @Override
        public boolean advance() {
          if (left-- == 0) {
            throw new CorruptionException("the store", "a row is damaged, as the test wishes");
          }
          return rows.advance();
        }

        @Override
        public byte[] key() {
          return rows.key();
        }

        @Override
        public byte[] current() {
          return rows.current();
        }

        @Override
        public void close() {
          rows.close();
        }
      };
    }
  }

  @Test
  void listEndsWithItsCursorAndWithTheDatabase() {
    fill(1_000);
    Cursor<Document> open;
    try (Database database = Use.kept(folder).open()) {
      Cursor<Document> closed = database.bucket(B).documents(DocumentRange.all());
      open = database.bucket(B).documents(DocumentRange.all());
      assertThat(closed.advance()).isTrue();
      assertThat(open.advance()).isTrue();
      closed.close();
      closed.close();
      assertThatThrownBy(closed::advance).isInstanceOf(UnavailableException.class);
      assertThatThrownBy(closed::current).isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(open::advance).isInstanceOf(UnavailableException.class);
    open.close();
  }
}
