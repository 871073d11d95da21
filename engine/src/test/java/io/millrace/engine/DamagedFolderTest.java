package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Document;
import io.millrace.api.error.MillraceException;
import io.millrace.api.range.Cursor;
import io.millrace.engine.maintenance.CheckReport;
import io.millrace.engine.maintenance.CheckReport.Outcome;
import io.millrace.engine.maintenance.Finding;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bits flip and files lose their ends, in every kind of file of a data folder: each time a check
 * finds it and names the file, or it harms nobody. A wrong document is never served.
 *
 * <p>The system property {@code millrace.test.damages} says how often for each kind of file.
 */
final class DamagedFolderTest {
  private static final int DAMAGES = Integer.getInteger("millrace.test.damages", 4);

  @TempDir Path temporary;

  private final Map<List<String>, Document> truth = new HashMap<>();

  @Test
  void everyDamageIsFoundOrHarmsNobody() throws IOException {
    Seed seed = Seed.next();
    Random random = seed.random();
    Path data = temporary.resolve("data");
    for (int openings = 0; openings < 2; openings++) {
      try (Database database = Folders.segmented(data).open()) {
        new Workload(random).run(database, 120);
        // Enough to fill tables of the store, and to have old ones beside new ones.
        truth.clear();
        truth.putAll(read(database));
      }
    }
    Map<String, List<Path>> kinds = kinds(data);
    assertThat(kinds).containsKeys("segment", "positions", "sst", "json", "MANIFEST", "CURRENT");
    Map<String, Integer> outcomes = new TreeMap<>();
    for (Map.Entry<String, List<Path>> kind : kinds.entrySet()) {
      for (int i = 0; i < DAMAGES; i++) {
        Path file = kind.getValue().get(random.nextInt(kind.getValue().size()));
        String what = damageAndLook(data, file, random, seed);
        outcomes.merge(kind.getKey() + " " + what, 1, Integer::sum);
      }
    }
    assertThat(outcomes.keySet()).as(seed + " " + outcomes).contains("segment LOST");
  }

  /** The files by what they are: by their suffix, or by their name up to a number. */
  private static Map<String, List<Path>> kinds(Path data) {
    Map<String, List<Path>> kinds = new TreeMap<>();
    for (Path file : Folders.below(data)) {
      String name = file.getFileName().toString();
      if (Files.isRegularFile(file) && file.toFile().length() > 0) {
        String kind = name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : name;
        kinds
            .computeIfAbsent(kind.replaceAll("-?\\d.*", ""), key -> new ArrayList<>())
            .add(data.relativize(file));
      }
    }
    return kinds;
  }

  private String damageAndLook(Path data, Path file, Random random, Seed seed) throws IOException {
    Path copy = temporary.resolve("copy");
    Folders.copy(data, copy);
    String damage = damage(copy.resolve(file), random);
    String label = seed + ": " + file + ", " + damage;
    Path untouched = temporary.resolve("untouched");
    Folders.copy(copy, untouched);
    CheckReport report = Folders.check(copy);
    if (report.outcome() != Outcome.LOST) {
      if (report.outcome() == Outcome.REPAIRABLE) {
        Folders.remove(untouched.resolve("store"));
      }
      try (Database database = Folders.segmented(untouched).open()) {
        assertThat(read(database)).as(label + report.findings()).isEqualTo(truth);
      }
    } else {
      assertThat(report.findings().stream().map(Finding::toString).toList())
          .as(label)
          .anyMatch(found -> namesIt(found, file));
      assertNothingWrong(untouched, label);
    }
    Folders.remove(copy);
    Folders.remove(untouched);
    return report.outcome().toString();
  }

  /** Whether the file is named; a log whose end is gone is missed by the index. */
  private static boolean namesIt(String finding, Path file) {
    return finding.contains(file.getFileName().toString())
        || finding.contains("are gone")
        || finding.contains(".segment") && file.toString().endsWith(".segment");
  }

  private static String damage(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (random.nextInt(3) == 0) {
      int length = random.nextInt(bytes.length);
      Files.write(file, Arrays.copyOf(bytes, length));
      return "cut to " + length + " of " + bytes.length + " bytes";
    }
    int at = random.nextInt(bytes.length);
    int bit = random.nextInt(8);
    bytes[at] ^= (byte) (1 << bit);
    Files.write(file, bytes);
    return "bit " + bit + " of byte " + at + " of " + bytes.length + " flipped";
  }

  /** The database does not open, or reads fail, or they are right. */
  private void assertNothingWrong(Path folder, String label) {
    try (Database database = Folders.segmented(folder).open()) {
      for (Map.Entry<List<String>, Document> known : truth.entrySet()) {
        try {
          Document found =
              database
                  .bucket(known.getKey().get(0))
                  .findWithConflicts(known.getKey().get(1))
                  .orElse(null);
          assertThat(found).as(label).isEqualTo(known.getValue());
        } catch (MillraceException e) {
          assertThat(e.getMessage()).as(label).isNotBlank();
        }
      }
    } catch (MillraceException e) {
      assertThat(e.getMessage()).as(label).isNotBlank();
    }
  }

  private static Map<List<String>, Document> read(Database database) {
    Map<List<String>, Document> all = new HashMap<>();
    database
        .buckets()
        .forEach(
            bucket -> {
              try (Cursor<Document> documents =
                  database.bucket(bucket.name()).documents(DocumentRange.all())) {
                while (documents.advance()) {
                  String id = documents.current().id();
                  all.put(
                      List.of(bucket.name(), id),
                      database.bucket(bucket.name()).findWithConflicts(id).orElseThrow());
                }
              }
            });
    return all;
  }
}
