package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ActivityFilter;
import io.millrace.api.Database;
import io.millrace.api.Retention;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.Document;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that purges, and forgets what it need not keep, is killed again and again. */
@ExtendWith(NothingLeftBehind.class)
class ForgettingKillTest {
  private static final String B = "b";
  private static final int IDS = 12;
  private static final int ROUNDS = 8;
  private static final int KEPT = 2;

  @TempDir Path temporary;

  private Path data() {
    return temporary.resolve("data");
  }

  /** What a child said that it began, and what it said that it had done. */
  private static final class Said {
    /** The bodies of the documents that are there. */
    final Map<String, String> present = new HashMap<>();

    /** All bodies of each document since it was purged last, the oldest first. */
    final Map<String, List<String>> written = new HashMap<>();

    final Set<String> purged = new HashSet<>();

    /** What was begun and perhaps done: an id, and a body, or null for a purge. */
    String begunId = "";

    String begunBody = "";

    void done(String id, String body) {
      if (body.isEmpty()) {
        present.remove(id);
        purged.addAll(written.getOrDefault(id, List.of()));
        written.remove(id);
      } else {
        present.put(id, body);
        written.computeIfAbsent(id, key -> new ArrayList<>()).add(body);
      }
    }

    /** The bodies that are kept, or those that are not. */
    List<String> bodies(boolean kept) {
      List<String> found = new ArrayList<>();
      for (List<String> all : written.values()) {
        int forgotten = Math.max(0, all.size() - KEPT);
        found.addAll(kept ? all.subList(forgotten, all.size()) : all.subList(0, forgotten));
      }
      return found;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "store"})
  void whatIsToBeForgottenGoesAndNothingElseIsLost(String log) throws Exception {
    Seed seed = Seed.next();
    Random random = seed.random();
    Said said = new Said();
    for (int round = 0; round < ROUNDS; round++) {
      runAndKill(log, round, 60 + random.nextInt(200), said);
      try (Database database = options(data(), log).open()) {
        settleWhatWasBegun(database, said);
        for (int i = 0; i < IDS; i++) {
          String found = body(database, "d" + i);
          assertThat(found).as("d%d, %s", i, seed).isEqualTo(said.present.get("d" + i));
        }
        assertThat(readable(database)).as(seed.toString()).containsAll(said.bodies(true));
        if (round % 2 == 1) {
          Workload.compact(database);
        }
        assertThat(database.verify(1, database.since().value(), null).ok()).isTrue();
      }
      Folders.requireClean(data());
    }
    assertThat(said.purged).hasSizeGreaterThan(20);
    assertThat(said.bodies(false)).hasSizeGreaterThan(10);
    StringBuilder records = new StringBuilder();
    for (ByteBuffer record : Folders.records(data())) {
      records.append(StandardCharsets.ISO_8859_1.decode(record));
    }
    if (log.equals("file")) {
      // A store keeps in its files what was overwritten, until it rewrites them.
      for (Path file : Folders.below(data().resolve("log"))) {
        if (Files.isRegularFile(file)) {
          records.append(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    assertThat(said.bodies(true)).as(seed.toString()).allMatch(body -> records.indexOf(body) >= 0);
    assertThat(said.purged).as(seed.toString()).noneMatch(body -> records.indexOf(body) >= 0);
    assertThat(said.bodies(false))
        .as(seed.toString())
        .noneMatch(body -> records.indexOf(body) >= 0);
  }

  static MillraceBuilder options(Path folder, String log) {
    MillraceBuilder options =
        log.equals("file") ? Folders.segmented(folder) : Millrace.in(folder).log("store", Map.of());
    return options.compactionInterval(null);
  }

  /** The bodies of all changes that can be read. */
  private static List<String> readable(Database database) {
    return Use.changes(
            database.bucket(B).activity(), SequenceRange.all(), ActivityFilter.none().withBodies())
        .stream()
        .map(Change::body)
        .filter(Objects::nonNull)
        .map(body -> new String(body.json(), StandardCharsets.UTF_8))
        .toList();
  }

  private static String body(Database database, String id) {
    return database
        .bucket(B)
        .get(id)
        .map(Document::body)
        .map(body -> new String(body.json(), StandardCharsets.UTF_8))
        .orElse(null);
  }

  private static void settleWhatWasBegun(Database database, Said said) {
    if (said.begunId.isEmpty()) {
      return;
    }
    String found = body(database, said.begunId);
    boolean happened = said.begunBody.isEmpty() ? found == null : said.begunBody.equals(found);
    if (happened) {
      said.done(said.begunId, said.begunBody);
    }
    said.begunId = "";
  }

  private void runAndKill(String log, int round, int lines, Said said) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    Path temporaryFiles = Files.createDirectories(temporary.resolve("tmp"));
    command.add("-Djava.io.tmpdir=" + temporaryFiles);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Purging.class.getName(), data().toString(), "" + round, log));
    Process child =
        new ProcessBuilder(command)
            .redirectError(temporary.resolve("errors-" + round + ".txt").toFile())
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < lines; i++) {
        String line = out.readLine();
        assertThat(line).as("%s", temporary.resolve("errors-" + round + ".txt")).isNotNull();
        note(line, said);
      }
      child.toHandle().destroyForcibly();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        note(line, said);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private static void note(String line, Said said) {
    String[] words = line.split(" ", 3);
    String body = words.length < 3 ? "" : words[2];
    if (words[0].equals("begin")) {
      said.begunId = words[1];
      said.begunBody = body;
    } else {
      if (words[0].equals("done")) {
        said.done(words[1], body);
      }
      said.begunId = "";
    }
  }

  /** The child: writes and purges until it is killed, and says so before and after. */
  static final class Purging {
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private Purging() {}

    private static void say(String line) throws IOException {
      OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The process. */
    public static void main(String[] arguments) throws IOException {
      Random random = new Random();
      Path folder = Path.of(arguments[0]);
      // Slow, so that it is often killed amid a compaction.
      try (Database database = options(folder, arguments[2]).compactionRate(400_000).open()) {
        Use.await(database.bucket(B).retain(new Retention(KEPT, null), NOBODY));
        for (int i = 0; ; i++) {
          if (random.nextInt(20) == 0) {
            database.compact();
          }
          String id = "d" + random.nextInt(IDS);
          boolean purge = random.nextInt(8) == 0;
          String body = purge ? "" : "{\"secret\":\"r" + arguments[1] + "n" + i + "e\"}";
          say("begin " + id + " " + body);
          CommitOutcome outcome =
              purge
                  ? Use.await(database.bucket(B).purge(List.of(id), NOBODY))
                  : Use.commit(database, Use.put(B, id, body));
          say((outcome instanceof Committed ? "done " : "refused ") + id + " " + body);
        }
      }
    }
  }
}
