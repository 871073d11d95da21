package io.millrace.benchmarks.http;

import io.millrace.benchmarks.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command {@code benchmarks/http}. */
public final class HttpBenchmark {
  private HttpBenchmark() {}

  /** Measures what {@code arguments} say; the page of results goes to the standard output. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream progress = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    if (List.of(arguments).contains("--help")) {
      out.print(HttpOptions.HELP);
      return;
    }
    try {
      measure(HttpOptions.parse(arguments), shown(arguments), out, progress);
    } catch (IllegalArgumentException | HarnessException e) {
      progress.println("benchmarks: " + e.getMessage());
      if (e.getCause() != null) {
        progress.println("benchmarks: because of " + e.getCause());
      }
      System.exit(1);
    }
  }

  /** The command line without what the script adds to it. */
  private static String shown(String[] arguments) {
    List<String> shown = new ArrayList<>(List.of(arguments));
    int root = shown.indexOf("--root");
    if (root >= 0) {
      shown.subList(root, root + 2).clear();
    }
    return String.join(" ", shown);
  }

  private static void measure(
      HttpOptions options, String arguments, PrintStream out, PrintStream progress) {
    Wrk wrk = Wrk.find(options);
    Results results = new Results(Clock.systemUTC(), arguments, progress);
    TemporaryFolder workspace = TemporaryFolder.create("millrace-http-");
    try (HttpRun run = new HttpRun(options, wrk, workspace.path(), results)) {
      // What an interrupt leaves behind otherwise: a server, and gigabytes.
      Thread cleaning = new Thread(() -> clean(run, workspace), "cleaning");
      Runtime.getRuntime().addShutdownHook(cleaning);
      run.measure();
    } finally {
      workspace.close();
    }
    write(results, options.json());
    out.print(ResultsPage.render(results.json(), null, Map.of()));
  }

  private static void clean(HttpRun run, TemporaryFolder workspace) {
    run.close();
    workspace.close();
  }

  private static void write(Results results, Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, results.json().toPrettyString() + "\n");
    } catch (IOException e) {
      throw new HarnessException(file + " could not be written", e);
    }
  }
}
