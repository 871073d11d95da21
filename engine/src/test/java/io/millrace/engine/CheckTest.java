package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Database;
import io.millrace.api.Queries;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.maintenance.Check;
import io.millrace.engine.maintenance.CheckReport;
import io.millrace.engine.maintenance.CheckReport.Outcome;
import io.millrace.engine.maintenance.CheckReport.Span;
import io.millrace.engine.maintenance.Finding;
import io.millrace.engine.maintenance.Finding.Severity;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check finds what is wrong, says what is lost, and leaves everything as it was. */
final class CheckTest {
  @TempDir Path temporary;

  private Path data;

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
  }

  private Seed work(int steps) {
    Seed seed = Seed.next();
    try (Database database = Folders.segmented(data).open()) {
      new Workload(seed.random()).purging().run(database, steps);
    }
    return seed;
  }

  /** Defines a query, and waits until its view is there. */
  private void view() {
    try (Database database = Folders.segmented(data).open()) {
      Use.done(database, Use.put("kept", "a", "{\"n\":1}"));
      Queries queries = database.bucket("kept").queries();
      ObjectNode probe = JsonNodeFactory.instance.objectNode();
      Use.await(queries.define("q", probe.put("type", "probe").put("field", "n"), Use.NOBODY));
      Use.await(queries.call("q", "count", ViewArguments.none(), Consistency.latest()));
    }
  }

  @Test
  void databaseThatWasUsedInOrderIsClean() {
    for (int round = 0; round < 3; round++) {
      Seed seed = work(300);
      Map<String, ByteBuffer> log = Folders.files(data.resolve("log"));
      CheckReport report = Folders.check(data);
      assertThat(report.findings()).as(seed.toString()).isEmpty();
      assertThat(report.outcome()).isEqualTo(Outcome.CLEAN);
      try (Database database = Folders.segmented(data).open()) {
        assertThat(report.log().last()).isEqualTo(database.since().value());
        assertThat(report.log().records()).isEqualTo(report.log().last());
        assertThat(report.index().documents())
            .isEqualTo(database.buckets().stream().mapToLong(b -> b.documents()).sum());
        assertThat(report.index().buckets()).isEqualTo(database.buckets().size());
      }
      assertThat(data.resolve("check")).doesNotExist();
      assertThat(log).isNotEmpty();
    }
  }

  @Test
  void checkChangesNothingInTheLog() {
    work(100);
    // Tables of positions are only a help; nothing misses them but the next opening.
    Map<String, ByteBuffer> log = Folders.files(data.resolve("log"));
    log.keySet().stream()
        .filter(name -> name.endsWith(".positions"))
        .forEach(name -> Folders.remove(data.resolve("log").resolve(name)));
    Map<String, ByteBuffer> before = Folders.files(data.resolve("log"));
    Folders.requireClean(data);
    assertThat(Folders.files(data.resolve("log"))).isEqualTo(before);
  }

  @Test
  void contentIsTheSameWhereverItIsRead() {
    work(200);
    CheckReport first = Folders.check(data);
    CheckReport second = Folders.check(data);
    assertThat(second).isEqualTo(first);
    Path other = temporary.resolve("other");
    Folders.copy(data, other);
    try (Database database = Folders.segmented(other).open()) {
      Use.done(database, Use.put("b0", "one-more", "{}"));
    }
    assertThat(Folders.check(other).log().digest()).isNotEqualTo(first.log().digest());
    assertThat(Folders.check(other).index().digest()).isNotEqualTo(first.index().digest());
  }

  @Test
  void whatACrashLeavesIsHarmless() throws IOException {
    Path copy = temporary.resolve("crashed");
    try (Database database = Folders.segmented(data).open()) {
      new Workload(Seed.next().random()).run(database, 200);
      Folders.copy(data, copy);
    }
    List<Path> segments = segments(copy);
    Path last = segments.get(segments.size() - 1);
    // An append that the crash interrupted: half of a frame behind what is whole.
    byte[] bytes = Files.readAllBytes(last);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    byte[] torn = Arrays.copyOf(bytes, end + 40);
    Arrays.fill(torn, end, end + 20, (byte) 0x81);
    Files.write(last, torn);
    Map<String, ByteBuffer> log = Folders.files(copy.resolve("log"));
    CheckReport report = Folders.check(copy);
    assertThat(report.outcome()).isEqualTo(Outcome.CLEAN);
    assertThat(report.findings())
        .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.HARMLESS))
        .anySatisfy(finding -> assertThat(finding.what()).contains(last.toString(), "whole batch"));
    assertThat(Folders.files(copy.resolve("log"))).isEqualTo(log);
  }

  private static List<Path> segments(Path folder) {
    return Folders.below(folder.resolve("log")).stream()
        .filter(file -> file.toString().endsWith(".segment"))
        .toList();
  }

  @Test
  void damagedRecordIsNamedWithItsDocument() throws IOException {
    try (Database database = Folders.segmented(data).open()) {
      for (int i = 1; i <= 200; i++) {
        Use.done(database, Use.put("films", "film-" + i, "{\"text\":\"" + "x".repeat(100) + "\"}"));
      }
    }
    Path segment = segments(data).get(1);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 0x10;
    Files.write(segment, bytes);
    CheckReport report = Folders.check(data);
    assertThat(report.outcome()).isEqualTo(Outcome.LOST);
    assertThat(report.lost()).hasSize(1);
    long lost = report.lost().get(0).first();
    assertThat(report.lost()).containsExactly(new Span(lost, lost));
    assertThat(report.lostDocuments()).containsExactly("films/film-" + lost);
    assertThat(report.log().records()).isEqualTo(199);
    assertThat(report.log().digest()).isNull();
    assertThat(report.findings().get(0).place()).contains(segment.toString());
  }

  @Test
  void missingEndOfTheLogIsNamed() {
    Path older = temporary.resolve("older");
    try (Database database = Folders.segmented(data).open()) {
      for (int i = 1; i <= 10; i++) {
        Use.done(database, Use.put("b", "d" + i, "{}"));
      }
    }
    Folders.copy(data, older);
    try (Database database = Folders.segmented(data).open()) {
      Use.done(database, Use.put("b", "d11", "{}"));
      Use.done(database, Use.put("b", "d3", "{\"again\":true}"));
    }
    Folders.remove(data.resolve("log"));
    Folders.copy(older.resolve("log"), data.resolve("log"));
    CheckReport report = Folders.check(data);
    assertThat(report.outcome()).isEqualTo(Outcome.LOST);
    assertThat(report.lost()).containsExactly(new Span(11, 12));
    assertThat(report.lostDocuments()).containsExactly("b/d11", "b/d3");
  }

  @Test
  void missingIndexIsHarmlessAndAForeignOneRepairable() {
    work(50);
    Folders.remove(data.resolve("store"));
    assertThat(Folders.check(data).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.HARMLESS));
    Path other = temporary.resolve("other");
    try (Database database = Folders.segmented(other).open()) {
      Use.done(database, Use.put("b", "d", "{}"));
    }
    Folders.remove(data.resolve("store"));
    Folders.copy(other.resolve("store"), data.resolve("store"));
    assertThat(Folders.check(data).outcome()).isEqualTo(Outcome.REPAIRABLE);
    Folders.segmented(data).open().close();
    Folders.requireClean(data);
  }

  @Test
  void rowOfABucketThatCannotBeReadHidesNoOther() {
    try (Database database = Folders.segmented(data).open()) {
      Use.done(database, Use.put("b", "d", "{}"));
    }
    try (Store store = store(data)) {
      write(
          store,
          batch -> {
            batch.put(store.keyspace("meta"), new byte[] {'b', 0, 0, 0, 1}, new byte[] {1});
            batch.put(store.keyspace("documents"), new byte[] {'z', 0}, new byte[] {1, 2});
          });
    }
    CheckReport report = Folders.check(data);
    assertThat(report.outcome()).isEqualTo(Outcome.REPAIRABLE);
    assertThat(report.findings().stream().map(Finding::place).toList())
        .hasSize(2)
        .anyMatch(place -> place.contains("keyspace meta, key"))
        .anyMatch(place -> place.contains("keyspace documents, key"));
  }

  @Test
  void everyRowOfTheIndexCounts() {
    Seed seed = work(200);
    Random random = seed.random();
    for (String name : List.of("documents", "history", "activity", "latest", "meta")) {
      List<BiConsumer<Keyspace, Store>> changes =
          List.of(
              (rows, store) ->
                  write(store, batch -> batch.delete(rows, anyKey(store, rows, random))),
              (rows, store) ->
                  write(
                      store,
                      batch -> {
                        byte[] key = anyKey(store, rows, random);
                        byte[] value = store.get(rows, key);
                        byte[] other = Arrays.copyOf(value, Math.max(1, value.length));
                        other[random.nextInt(other.length)] ^= 1;
                        if (value.length == 0) {
                          other[0] = 1;
                        }
                        batch.put(rows, key, other);
                      }),
              (rows, store) ->
                  write(store, batch -> batch.put(rows, new byte[] {'z', 0}, new byte[] {1, 2})));
      Path copy = temporary.resolve("copy-" + name);
      Folders.copy(data, copy);
      try (Store store = store(copy)) {
        changes.forEach(change -> change.accept(store.keyspace(name), store));
      }
      CheckReport report = Folders.check(copy);
      assertThat(report.outcome()).as(seed + " " + name).isEqualTo(Outcome.REPAIRABLE);
      assertThat(report.findings().stream().map(Finding::place).toList())
          .as(seed + " " + name)
          .hasSizeBetween(2, 3)
          .allMatch(place -> place.contains("keyspace " + name));
    }
  }

  private static byte[] anyKey(Store store, Keyspace keyspace, Random random) {
    List<byte[]> keys = new ArrayList<>();
    try (StoreCursor rows = store.range(keyspace, KeyRange.all())) {
      while (rows.advance()) {
        // The checkpoint is looked at before the rows, in a test of its own.
        if (!Arrays.equals(rows.key(), new byte[] {'c'})) {
          keys.add(rows.key());
        }
      }
    }
    return keys.get(random.nextInt(keys.size()));
  }

  private static void write(Store store, Consumer<StoreBatch> change) {
    try (StoreBatch batch = store.batch()) {
      change.accept(batch);
      store.write(batch);
    }
  }

  private static Store store(Path folder) {
    StoreProvider module =
        Modules.find("store", StoreProvider.class, CheckTest.class.getClassLoader())
            .named("rocksdb");
    return module.open(
        Settings.defaults(module.settings()),
        new ModuleContext(folder.resolve("store"), Clock.systemUTC(), new Random(), Meters.none()));
  }

  @Test
  void viewsOfAnotherLogOrAheadAreRepairable() {
    work(200);
    // A rollback at the end of the work may have taken all queries away.
    view();
    for (boolean foreign : List.of(true, false)) {
      Path copy = temporary.resolve("copy-" + foreign);
      Folders.copy(data, copy);
      try (Store store = store(copy)) {
        Keyspace views = store.keyspace("views");
        byte[] key = viewKey(store, views);
        byte[] value = store.get(views, key);
        byte[] changed = foreign ? value : ahead(value);
        changed[3] ^= (byte) (foreign ? 1 : 0);
        write(store, batch -> batch.put(views, key, changed));
      }
      CheckReport report = Folders.check(copy);
      assertThat(report.outcome()).isEqualTo(Outcome.REPAIRABLE);
      assertThat(report.findings().get(0).place()).startsWith("keyspace views");
      assertThat(report.index()).isNotNull();
    }
  }

  /** A checkpoint with the same incarnation and definition, and two million changes further. */
  private static byte[] ahead(byte[] checkpoint) {
    int positions = 16 + 1 + 16;
    byte far = (byte) 0xff;
    ByteBuffer changed = ByteBuffer.allocate(positions + 8);
    changed.put(checkpoint, 0, positions).put((byte) 0);
    changed.put(far).put(far).put((byte) 0x7f).put(far).put(far).put((byte) 0x7f).put((byte) 1);
    return changed.array();
  }

  private static byte[] viewKey(Store store, Keyspace views) {
    try (StoreCursor rows = store.range(views, KeyRange.all())) {
      while (rows.advance()) {
        if (rows.key().length > 0) {
          return rows.key();
        }
      }
    }
    throw new AssertionError("the workload defined no view");
  }

  @Test
  void damagedManifestIsFound() throws IOException {
    work(10);
    Files.writeString(data.resolve("millrace.json"), "{\"format\":1}");
    CheckReport report = Folders.check(data);
    assertThat(report.outcome()).isEqualTo(Outcome.LOST);
    assertThat(report.findings().get(0).place()).contains("millrace.json");
  }

  @Test
  void wrongSettingSaysNothingAboutTheData() {
    work(1);
    Map<String, String> wrong = Map.of("cache-size", "-1");
    assertThatThrownBy(
            () -> new Check(Folders.workshop().storeSettings("rocksdb", wrong), data).run())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("cache-size");
    assertThatThrownBy(
            () -> new Check(Folders.workshop().logSettings("file", Map.of("no", "x")), data).run())
        .isInstanceOf(InvalidSettingException.class);
  }

  @Test
  void heldFolderIsRefused() {
    try (Database database = Folders.segmented(data).open()) {
      Use.done(database, Use.put("b", "d", "{}"));
      assertThatThrownBy(() -> Folders.check(data))
          .isInstanceOfSatisfying(
              UnavailableException.class,
              e -> assertThat(e.code()).isEqualTo("data-folder-in-use"));
    }
  }

  @Test
  void noDatabaseIsMadeByLookingForOne() {
    assertThatThrownBy(() -> Folders.check(data)).isInstanceOf(NotFoundException.class);
    assertThat(data).doesNotExist();
  }
}
