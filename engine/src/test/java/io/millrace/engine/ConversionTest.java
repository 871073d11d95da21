package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Database;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.maintenance.Conversion;
import io.millrace.engine.maintenance.CopyReport;
import io.millrace.spi.ModuleNotFoundException;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A converted database is the same, written by other modules. */
final class ConversionTest {
  @TempDir Path temporary;

  private Path data;
  private Path converted;

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
    converted = temporary.resolve("converted");
  }

  private List<Object> work(int steps) {
    try (Database database = Folders.segmented(data).open()) {
      new Workload(Seed.next().random()).purging().run(database, steps);
      Workload.compact(database);
      return Folders.everything(database);
    }
  }

  private static CopyReport convert(Path from, Path to, String log, String store) {
    return new Conversion(Folders.workshop()).run(from, to, log, store);
  }

  @Test
  void convertedDatabaseIsTheSame() {
    List<Object> seen = work(300);
    Map<String, ByteBuffer> before = Folders.files(data);
    CopyReport report = convert(data, converted, "file", "rocksdb");
    assertThat(Folders.files(data).keySet()).isEqualTo(before.keySet());
    before.remove("lock");
    assertThat(Folders.files(data)).containsAllEntriesOf(before);
    assertThat(Folders.records(converted)).isEqualTo(Folders.records(data));
    assertThat(report.digest()).isEqualTo(Folders.check(data).log().digest());
    assertThat(report.documents()).isEqualTo(Folders.check(data).index().documents());
    Folders.requireClean(converted);
    assertThat(Folders.check(converted).index()).isEqualTo(Folders.check(data).index());
    try (Database database = Folders.segmented(converted).open()) {
      assertThat(Folders.everything(database)).isEqualTo(seen);
      assertThat(database.uuid()).isEqualTo(Manifest.read(data).uuid());
    }
    assertThat(Manifest.read(converted).origin().incarnation()).isNotEqualTo(report.incarnation());
  }

  @Test
  void databaseGoesToOtherModulesAndBack() {
    List<Object> seen = work(200);
    CopyReport there = convert(data, converted, "kept", "kept");
    assertThat(Manifest.read(converted).log().type()).isEqualTo("kept");
    assertThatThrownBy(() -> Folders.segmented(converted).open())
        .isInstanceOf(UnsupportedException.class);
    try (Database database = Use.kept(converted).open()) {
      assertThat(Folders.everything(database)).isEqualTo(seen);
    }
    Path back = temporary.resolve("back");
    CopyReport here = convert(converted, back, "file", "rocksdb");
    assertThat(here.digest()).isEqualTo(there.digest());
    assertThat(here.documents()).isEqualTo(there.documents());
    Folders.requireClean(back);
    try (Database database = Folders.segmented(back).open()) {
      assertThat(Folders.everything(database)).isEqualTo(seen);
    }
  }

  @Test
  void refusalOfOtherModulesNamesTheCommand() {
    work(5);
    assertThatThrownBy(() -> Use.kept(data).open())
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining(
            "millrace convert --from "
                + data
                + " --to "
                + data
                + "-converted --log kept --store kept");
  }

  @Test
  void interruptedConversionIsNotOpenedAndCanBeDoneAgain() throws IOException {
    work(200);
    Path segment =
        Folders.below(data.resolve("log")).stream()
            .filter(file -> file.toString().endsWith(".segment"))
            .findFirst()
            .orElseThrow();
    byte[] intact = Files.readAllBytes(segment);
    byte[] damaged = intact.clone();
    damaged[damaged.length / 2] ^= 4;
    Files.write(segment, damaged);
    assertThatThrownBy(() -> convert(data, converted, "file", "rocksdb"))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(segment.toString());
    assertThatThrownBy(() -> Folders.segmented(converted).open())
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("unfinished-folder"));
    Files.write(segment, intact);
    convert(data, converted, "file", "rocksdb");
    Folders.requireClean(converted);
  }

  @Test
  void wrongFoldersAndModulesAreRefused() throws IOException {
    work(5);
    Files.createDirectory(converted);
    Files.writeString(converted.resolve("letter"), "dear");
    assertThatThrownBy(() -> convert(data, converted, "file", "rocksdb"))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(Folders.files(converted)).containsOnlyKeys("letter");
    Path fresh = temporary.resolve("fresh");
    assertThatThrownBy(() -> convert(temporary.resolve("none"), fresh, "file", "rocksdb"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> convert(data, fresh, "file", "paper"))
        .isInstanceOf(ModuleNotFoundException.class);
    assertThatThrownBy(() -> convert(data, fresh, "memory", "rocksdb"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("log-not-kept"));
    for (Path inside : List.of(data, data.resolve("copy"))) {
      assertThatThrownBy(() -> convert(data, inside, "file", "rocksdb"))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("same-folder"));
    }
    assertThat(fresh).doesNotExist();
    try (Database held = Folders.segmented(data).open()) {
      assertThat(held.since().value()).isPositive();
      assertThatThrownBy(() -> convert(data, fresh, "file", "rocksdb"))
          .isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void progressRisesToItsTotal() {
    work(100);
    List<String> steps = new ArrayList<>();
    new Conversion(
            Folders.workshop()
                .listener(
                    (step, done, total, unit) -> {
                      assertThat(done).isLessThanOrEqualTo(total);
                      if (done == total) {
                        steps.add(step);
                      }
                    }))
        .run(data, converted, "file", "rocksdb");
    assertThat(steps).containsExactly("writing the log", "comparing the log", "building the index");
  }
}
