package io.millrace.benchmarks.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to measure, as the command line says.
 *
 * @param root the checkout
 * @param documents how many documents are imported
 * @param buckets how many buckets stand against one
 * @param updates how many times one document is updated, at least
 * @param run how long one case is measured in one round
 * @param rounds how often each comparison is repeated
 * @param connections the numbers of connections
 * @param phases what to do
 * @param cases the names of the comparisons
 * @param serverOptions further options of the server's JVM
 * @param json where the results are written as JSON
 * @param profiles where a flight recording of each part is written; null for none
 */
record HttpOptions(
    Path root,
    int documents,
    int buckets,
    int updates,
    Duration run,
    int rounds,
    List<Integer> connections,
    Set<Phase> phases,
    List<String> cases,
    List<String> serverOptions,
    Path json,
    @Nullable Path profiles) {
  /** The parts of a run, in their order. */
  enum Phase {
    START,
    IMPORT,
    VIEW,
    REQUESTS,
    SAME,
    BUCKETS,
    MEMORY,
    RESTART
  }

  static final String HELP =
      """
      Usage: benchmarks/http [OPTION]...

      Starts the packaged server on a free port with a temporary data folder, puts load on
      it with wrk, prints a page of results in Markdown. Build both first with
      "./mvnw -DskipTests package". TMPDIR says on which disk the data lies.

        --quick            a smoke run: 20,000 documents, 2 s for each case, one round
        --documents N      how many documents are imported (1000000)
        --buckets N        how many buckets stand against one (10000)
        --updates N        how many updates of one document, at least (100000)
        --seconds N        how long each case is measured in each round (5)
        --rounds N         how often each case and its no-op alternate (5)
        --connections A,B  numbers of connections (1,8,64)
        --only A,B         parts: start, import, view, requests, same, buckets, memory, restart
        --cases A,B        requests: put, get, batch, query, activity
        --jvm OPTION       a further option of the server's JVM, may be repeated
        --set KEY=VALUE    a setting of the server, may be repeated
        --profile FOLDER   a flight recording of each part (costs some speed)
        --json FILE        also write the results as JSON (benchmarks/target/http.json)
        --help             this
      """;

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  static HttpOptions parse(String... arguments) {
    Reader reader = new Reader();
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    while (!left.isEmpty()) {
      reader.take(left.pop(), left);
    }
    return reader.options();
  }

  private static final class Reader {
    private Path root = Path.of("").toAbsolutePath();
    private int documents = 1_000_000;
    private int buckets = 10_000;
    private int updates = 100_000;
    private int seconds = 5;
    private int rounds = 5;
    private List<Integer> connections = List.of(1, 8, 64);
    private Set<Phase> phases = EnumSet.allOf(Phase.class);
    private List<String> cases = Comparison.REQUESTS.stream().map(Comparison::name).toList();
    private final List<String> serverOptions = new ArrayList<>();
    private @Nullable Path json;
    private @Nullable Path profiles;

    void take(String option, Deque<String> left) {
      switch (option) {
        case "--quick" -> {
          documents = 20_000;
          buckets = 1_000;
          updates = 1_000;
          seconds = 2;
          rounds = 1;
        }
        case "--root" -> root = Path.of(value(option, left)).toAbsolutePath();
        case "--documents" -> documents = number(option, left, 1_000);
        case "--buckets" -> buckets = number(option, left, 1);
        case "--updates" -> updates = number(option, left, 1);
        case "--seconds" -> seconds = number(option, left, 1);
        case "--rounds" -> rounds = number(option, left, 1);
        case "--connections" ->
            connections = words(option, left).map(word -> atLeast(option, word, 1)).toList();
        case "--only" -> {
          phases = EnumSet.noneOf(Phase.class);
          words(option, left).map(Reader::phase).forEach(phases::add);
        }
        case "--cases" -> cases = words(option, left).map(Reader::known).toList();
        case "--jvm" -> serverOptions.add(value(option, left));
        case "--set" -> serverOptions.add("-D" + value(option, left));
        case "--json" -> json = Path.of(value(option, left)).toAbsolutePath();
        case "--profile" -> profiles = Path.of(value(option, left)).toAbsolutePath();
        default ->
            throw new IllegalArgumentException(
                "unknown option " + option + "; --help lists what there is");
      }
    }

    HttpOptions options() {
      return new HttpOptions(
          root,
          documents,
          buckets,
          updates,
          Duration.ofSeconds(seconds),
          rounds,
          connections,
          phases,
          cases,
          List.copyOf(serverOptions),
          json == null ? root.resolve("benchmarks/target/http.json") : json,
          profiles);
    }

    private static String value(String option, Deque<String> left) {
      if (left.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      return left.pop();
    }

    private static int number(String option, Deque<String> left, int least) {
      return atLeast(option, value(option, left), least);
    }

    private static int atLeast(String option, String text, int least) {
      try {
        int number = Integer.parseInt(text);
        if (number >= least) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Falls through to the one message.
      }
      throw new IllegalArgumentException(
          option + " takes whole numbers from " + least + ", not " + text);
    }

    private static Stream<String> words(String option, Deque<String> left) {
      return Stream.of(value(option, left).split(","));
    }

    private static Phase phase(String word) {
      try {
        return Phase.valueOf(word.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--only does not know " + word, e);
      }
    }

    private static String known(String word) {
      if (Comparison.REQUESTS.stream().noneMatch(comparison -> comparison.name().equals(word))) {
        throw new IllegalArgumentException("--cases does not know " + word);
      }
      return word;
    }
  }
}
