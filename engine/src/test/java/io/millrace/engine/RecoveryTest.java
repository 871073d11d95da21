package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Database;
import io.millrace.api.document.Base;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.backend.rocksdb.RocksdbStoreProvider;
import io.millrace.engine.folder.Manifest;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.ModuleNotFoundException;
import io.millrace.spi.Settings;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftBehind.class)
class RecoveryTest {
  private static final List<String> INDEX =
      List.of("documents", "history", "activity", "latest", "meta");

  @TempDir Path temporary;

  private Path folder() {
    return temporary.resolve("data");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A clock that shows another time at each look. */
  private static final class Ticking extends Clock {
    private final AtomicLong millis = new AtomicLong(System.currentTimeMillis());

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis.addAndGet(1_000));
    }
  }

  /** Every key and value of the index. */
  private Map<String, String> content() {
    RocksdbStoreProvider provider = new RocksdbStoreProvider();
    Map<String, String> rows = new TreeMap<>();
    try (Store store =
        provider.open(
            Settings.defaults(provider.settings()),
            new ModuleContext(
                folder().resolve("store"), Clock.systemUTC(), new Random(), Meters.none()))) {
      for (String keyspace : INDEX) {
        try (StoreCursor cursor = store.range(store.keyspace(keyspace), KeyRange.all())) {
          while (cursor.advance()) {
            rows.put(
                keyspace + " " + HexFormat.of().formatHex(cursor.key()),
                HexFormat.of().formatHex(cursor.value()));
          }
        }
      }
    }
    return rows;
  }

  @Test
  void theIndexIsTheSameHoweverItWasMade() throws IOException {
    Seed seed = Seed.next();
    Workload workload = new Workload(seed.random()).purging();
    Path older = temporary.resolve("older");
    for (int part = 0; part < 3; part++) {
      try (Database database = Millrace.open(folder())) {
        workload.run(database, 250);
      }
      if (part == 1) {
        copy(folder().resolve("store"), older);
      }
    }
    try (Database database = Millrace.open(folder())) {
      Workload.compact(database);
    }
    Map<String, String> expected = content();
    Map<String, List<Document>> seen;
    long last;
    try (Database database = Millrace.open(folder())) {
      seen = Workload.seen(database);
      last = database.since().value();
    }
    assertThat(content()).as("opened again, %s", seed).isEqualTo(expected);
    remove(folder().resolve("store"));
    try (Database database = Millrace.open(folder())) {
      assertThat(database.since().value()).isEqualTo(last);
      assertThat(Workload.seen(database)).as("built again, %s", seed).isEqualTo(seen);
    }
    assertThat(content()).as("built again, %s", seed).isEqualTo(expected);
    remove(folder().resolve("store"));
    copy(older, folder().resolve("store"));
    try (Database database = Millrace.open(folder())) {
      assertThat(Workload.seen(database)).as("caught up, %s", seed).isEqualTo(seen);
      done(database, put("b0", "after", "{}"));
      assertThat(database.since().value()).isEqualTo(last + 1);
    }
    try (Database database = Millrace.open(folder())) {
      assertThat(database.bucket("b0").get("after")).isPresent();
    }
  }

  @Test
  void anOlderStoreCatchesUpToTheSameBytes() throws IOException {
    Seed seed = Seed.next();
    Workload workload = new Workload(seed.random()).purging();
    Path older = temporary.resolve("older");
    try (Database database = Millrace.open(folder())) {
      workload.run(database, 100);
    }
    copy(folder().resolve("store"), older);
    try (Database database = Millrace.in(folder()).clock(new Ticking()).open()) {
      workload.run(database, 400);
      // The time of what is refused must leave no trace.
      List<CompletionStage<CommitOutcome>> stages = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Edit edit = put("b0", "only once", i == 0 ? Base.any() : Base.absent(), "{}");
        stages.add(database.commit(CommitRequest.write(List.of(edit), NOBODY)));
      }
      stages.forEach(Use::await);
      Workload.compact(database);
    }
    Map<String, String> expected = content();
    remove(folder().resolve("store"));
    copy(older, folder().resolve("store"));
    Millrace.open(folder()).close();
    assertThat(content()).as("%s", seed).isEqualTo(expected);
  }

  @Test
  void aStoreOfAnotherLogIsBuiltAgain() throws IOException {
    try (Database other = Millrace.open(temporary.resolve("other"))) {
      done(other, put("films", "stranger", "{}"), put("films", "b", "{}"));
    }
    try (Database database = Millrace.open(folder())) {
      done(database, put("films", "mine", "{}"));
    }
    Map<String, String> expected = content();
    remove(folder().resolve("store"));
    copy(temporary.resolve("other/store"), folder().resolve("store"));
    try (Database database = Millrace.open(folder())) {
      assertThat(database.bucket("films").get("stranger")).isEmpty();
      assertThat(database.bucket("films").get("mine")).isPresent();
    }
    assertThat(content()).isEqualTo(expected);
  }

  @Test
  void aLogThatLostRecordsIsRefusedUntilTheLossIsAccepted() throws IOException {
    try (Database database = Millrace.open(folder())) {
      done(database, put("films", "a", "{}"));
    }
    copy(folder().resolve("log"), temporary.resolve("log"));
    try (Database database = Millrace.open(folder())) {
      done(database, put("films", "b", "{}"), put("films", "c", "{}"));
    }
    remove(folder().resolve("log"));
    copy(temporary.resolve("log"), folder().resolve("log"));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> Millrace.open(folder()))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("seen sequence 3")
          .hasMessageContaining("ends at 1")
          .hasMessageContaining("2 to 3")
          .hasMessageContaining("accept-loss");
    }
    try (Database database = Millrace.in(folder()).acceptLoss(true).open()) {
      assertThat(database.bucket("films").get("a")).isPresent();
      assertThat(database.bucket("films").get("b")).isEmpty();
      assertThat(done(database, put("films", "d", "{}")).sequence()).isEqualTo(2);
    }
    Millrace.open(folder()).close();
  }

  @Test
  void aFolderHasOneHolder() {
    UUID uuid;
    try (Database database = Millrace.open(folder())) {
      uuid = database.uuid();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> Millrace.open(folder()))
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining(folder().toString())
            .hasMessageContaining("process " + ProcessHandle.current().pid());
      }
      assertThat(await(database.createBucket("films", NOBODY))).isPositive();
    }
    try (Database database = Millrace.open(folder())) {
      assertThat(database.uuid()).isEqualTo(uuid);
      assertThat(uuid.version()).isEqualTo(4);
      assertThat(uuid.variant()).isEqualTo(2);
    }
  }

  @Test
  void otherModulesAndLaterFormatsAreRefused() throws IOException {
    Millrace.open(folder()).close();
    assertThatThrownBy(() -> Millrace.in(folder()).store("memory", Map.of()).open())
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("millrace.store.type=rocksdb");
    assertThatThrownBy(() -> Millrace.in(folder()).log("memory", Map.of()).open())
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("millrace.log.type=file");
    assertThatThrownBy(() -> Millrace.in(folder()).log("paper", Map.of()).open())
        .isInstanceOf(ModuleNotFoundException.class)
        .hasMessageContaining("file, kept, memory");
    assertThatThrownBy(() -> Millrace.in(folder()).log("file", Map.of("x", "1")).open())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("millrace.log.file.x");
    assertThatThrownBy(() -> Millrace.in(folder()).viewSettings("no", Map.of()).open())
        .isInstanceOf(ModuleNotFoundException.class);
    Path manifest = folder().resolve("millrace.json");
    String text = Files.readString(manifest);
    Manifest known = Manifest.read(folder());
    Manifest.Module later = new Manifest.Module(known.log().type(), 99);
    new Manifest(known.uuid(), known.created(), later, known.store(), null).write(folder());
    assertThatThrownBy(() -> Millrace.open(folder()))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("format 99");
    Files.writeString(manifest, text.replaceFirst("\"format\" : 1", "\"format\" : 2"));
    assertThatThrownBy(() -> Millrace.open(folder()))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("format 2");
    Files.writeString(
        manifest, text.replace(known.uuid().toString(), UUID.randomUUID().toString()));
    assertThatThrownBy(() -> Millrace.open(folder()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("checksum");
    for (String damaged : List.of("", "{", "[]", "null", "{\"format\":1}", "\u0000\u0000")) {
      Files.writeString(manifest, damaged);
      assertThatThrownBy(() -> Millrace.open(folder()))
          .as(damaged)
          .isInstanceOfAny(CorruptionException.class, UnsupportedException.class)
          .hasMessageContaining("millrace.json");
    }
    Files.writeString(manifest, text);
    Millrace.open(folder()).close();
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws IOException {
    Files.writeString(folder(), "here");
    assertThatThrownBy(() -> Millrace.open(folder()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("is a file");
  }
}
