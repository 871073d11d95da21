package io.millrace.benchmarks.queries;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs every part once, so that the build notices one that no longer works. */
class QueryBenchmarkSmokeTest {
  @Test
  void everyPartHasItsLines() throws InterruptedException {
    List<String> lines = run("--documents=1000", "--rounds=1", "--seconds=0.05");
    for (String part :
        List.of(
            "| build of `",
            "| reduce over half of the rows |",
            "| until a query shows a write, p99 |",
            "| writes into a bucket with 50 views |",
            "| 1,000 keys: get at random |")) {
      assertThat(lines).anyMatch(line -> line.startsWith(part));
    }
    // A name, a number, a unit and what is wanted.
    assertThat(lines.subList(4, lines.size()))
        .hasSizeGreaterThan(15)
        .allMatch(line -> line.matches("\\| .+ \\| [0-9.,]+( \\([^)]+\\))? \\| [a-z/]+ \\|.*\\|"));
  }

  private static List<String> run(String... arguments) throws InterruptedException {
    PrintStream before = System.out;
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    System.setOut(new PrintStream(page, true, StandardCharsets.UTF_8));
    try {
      QueryBenchmark.main(arguments);
    } finally {
      System.setOut(before);
    }
    return page.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
