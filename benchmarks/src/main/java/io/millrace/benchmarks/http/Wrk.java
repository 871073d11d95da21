package io.millrace.benchmarks.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.benchmarks.SampleDocuments;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The load generator wrk, run as a child process with the scripts of {@code src/main/wrk}. */
final class Wrk {
  private static final String RESULT = "millrace-result ";
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final Path program;
  private final Path scripts;
  private final HttpOptions options;
  private int runs;

  private Wrk(Path program, Path scripts, HttpOptions options) {
    this.program = program;
    this.scripts = scripts;
    this.options = options;
  }

  /**
   * Finds wrk on the path.
   *
   * @throws HarnessException when it is not there, with a message that says where it comes from
   */
  static Wrk find(HttpOptions options) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "wrk"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(
            program -> new Wrk(program, options.root().resolve("benchmarks/src/main/wrk"), options))
        .orElseThrow(
            () ->
                new HarnessException(
                    "the load generator wrk is not on the PATH; it is in the package wrk of Debian,"
                        + " Ubuntu, Fedora and Homebrew"));
  }

  /** Puts {@code load} on the server for {@code time} and returns what wrk counted. */
  ObjectNode run(Comparison.Load load, URI server, int connections, Duration time) {
    try {
      Process process = start(load, server, connections, time);
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new HarnessException("wrk ended with " + exit + ":\n" + output);
      }
      return result(output);
    } catch (IOException e) {
      throw new HarnessException("wrk could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HarnessException("interrupted", e);
    }
  }

  /** Starts to put load on the server; the caller ends the process or waits for it. */
  Process start(Comparison.Load load, URI server, int connections, Duration time)
      throws IOException {
    // Two threads at most: the cores are shared with the server.
    int threads = Math.min(connections, 2);
    ProcessBuilder builder =
        new ProcessBuilder(
                program.toString(),
                "--threads=" + threads,
                "--connections=" + connections,
                "--duration=" + time.toSeconds() + "s",
                "--timeout=30s",
                "--script=" + scripts.resolve(load.script() + ".lua"),
                server.toString())
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "MILLRACE_WRK", scripts.toString(),
                "MILLRACE_RUN", Integer.toString(++runs),
                "MILLRACE_DOCUMENTS", Integer.toString(options.documents()),
                "MILLRACE_BUCKETS", Integer.toString(options.buckets()),
                "MILLRACE_PER_CITY", Integer.toString(SampleDocuments.PER_CITY),
                "MILLRACE_NO_OP", load.noOp() ? "1" : "0"));
    return builder.start();
  }

  /** What the scripts wrote at their end, out of everything that wrk printed. */
  static ObjectNode result(String output) {
    List<String> found = output.lines().filter(line -> line.startsWith(RESULT)).toList();
    if (found.size() != 1) {
      throw new HarnessException("wrk printed no result:\n" + output);
    }
    try {
      return (ObjectNode) MAPPER.readTree(found.get(0).substring(RESULT.length()));
    } catch (JsonProcessingException e) {
      throw new HarnessException("wrk printed an unreadable result:\n" + output, e);
    }
  }

  /** Requests in a second, of what {@link #run} returned; failed ones do not count. */
  static double rate(ObjectNode result) {
    long good = result.get("requests").asLong() - result.get("status_errors").asLong();
    return good * 1e6 / result.get("micros").asLong();
  }
}
