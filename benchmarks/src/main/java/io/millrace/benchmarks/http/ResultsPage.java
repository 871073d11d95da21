package io.millrace.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** Writes the page of results, in Markdown, out of the JSON of the harness and of JMH. */
public final class ResultsPage {
  private final StringBuilder page = new StringBuilder();

  private ResultsPage() {}

  /**
   * The command {@code benchmarks/results}: the file of the harness, then, if there is one, that of
   * JMH, then {@code NAME=FILE} for each other choice of log and store that the harness was run
   * with.
   */
  public static void main(String[] files) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (files.length == 0) {
      System.err.println("usage: benchmarks/results HTTP.json [JMH.json [NAME=HTTP.json]...]");
      System.exit(2);
    }
    JsonMapper mapper = JsonMapper.builder().build();
    JsonNode http = mapper.readTree(Path.of(files[0]).toFile());
    JsonNode jmh = files.length > 1 ? mapper.readTree(Path.of(files[1]).toFile()) : null;
    Map<String, JsonNode> choices = new LinkedHashMap<>();
    for (int i = 2; i < files.length; i++) {
      int end = files[i].indexOf('=');
      if (end < 0) {
        System.err.println("not NAME=FILE: " + files[i]);
        System.exit(2);
      }
      File file = new File(files[i].substring(end + 1));
      choices.put(files[i].substring(0, end), mapper.readTree(file));
    }
    out.print(render(http, jmh, choices));
  }

  /** The page. */
  static String render(JsonNode http, @Nullable JsonNode jmh, Map<String, JsonNode> choices) {
    ResultsPage page = new ResultsPage();
    page.head(http);
    page.targets(http, jmh);
    page.comparisons(http.path("comparisons"));
    page.measurements(http.path("measurements"));
    page.memory(http.path("memory"));
    page.choices(choices);
    if (jmh != null) {
      page.jmh(jmh);
    }
    return page.page.toString();
  }

  private void line(String format, Object... arguments) {
    page.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private void head(JsonNode http) {
    JsonNode machine = http.path("machine");
    line("# Results");
    line("");
    line("Made by `benchmarks/results`; do not edit by hand.");
    line("Medians, with the least and the greatest of all rounds in brackets.");
    line("");
    line("- Taken %s with `%s`", http.path("taken").asText(), http.path("command").asText());
    line(
        "- %s, %d cores, %s memory, %s",
        machine.path("processor").asText(),
        machine.path("cores").asInt(),
        machine.path("memory").asText(),
        machine.path("system").asText());
    line("- %s", machine.path("jdk").asText());
    line("- Load average at the beginning %.2f", machine.path("load").asDouble());
    line("- The disk forces 256 bytes %,d times a second", machine.path("forces").asLong());
    for (JsonNode note : http.path("notes")) {
      line("- %s", note.asText());
    }
    line("");
  }

  private void targets(JsonNode http, @Nullable JsonNode jmh) {
    line("## What it must reach");
    line("");
    line("| what | at least | measured | |");
    line("|---|---|---|---|");
    for (Target target : Target.ALL) {
      Samples samples = target.source().samples(http, jmh);
      line(
          "| %s | %s | %s | %s |",
          target.title(),
          target.text(),
          samples == null ? "not measured" : samples.text(target.format()),
          samples == null ? "" : target.met(samples) ? "reached" : "**missed**");
    }
    line("");
  }

  private void comparisons(JsonNode comparisons) {
    if (comparisons.isEmpty()) {
      return;
    }
    line("## Requests, side by side in one run");
    line("");
    line("The base is the resource that does nothing, given the same requests, unless it says");
    line("otherwise. Latencies are medians over the rounds, in milliseconds.");
    line("");
    line(
        "| what | connections | requests/s | base/s | ratio | p50 | p90 | p99 | p99.9 | base p50 |"
            + " base p99 | failed |");
    line("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (JsonNode comparison : comparisons) {
      JsonNode rounds = comparison.path("rounds");
      line(
          "| %s | %d | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |",
          comparison.path("title").asText(),
          comparison.path("connections").asInt(),
          rates(rounds, "subject").text(Samples::whole),
          rates(rounds, "base").text(Samples::whole),
          ratios(rounds).text(Samples::percent),
          latency(rounds, "subject", "p50"),
          latency(rounds, "subject", "p90"),
          latency(rounds, "subject", "p99"),
          latency(rounds, "subject", "p999"),
          latency(rounds, "base", "p50"),
          latency(rounds, "base", "p99"),
          failures(rounds));
    }
    line("");
  }

  private static Samples rates(JsonNode rounds, String side) {
    return Samples.of(rounds, round -> rate(round.path(side)));
  }

  /** The ratio within each round, so that what disturbs a whole round disturbs both sides of it. */
  static Samples ratios(JsonNode rounds) {
    return Samples.of(rounds, round -> rate(round.path("subject")) / rate(round.path("base")));
  }

  private static double rate(JsonNode result) {
    return (result.path("requests").asLong() - result.path("status_errors").asLong())
        * 1e6
        / Math.max(1, result.path("micros").asLong());
  }

  private static String latency(JsonNode rounds, String side, String percentile) {
    return Samples.millis(
        Samples.of(rounds, round -> round.path(side).path(percentile).asDouble()).median());
  }

  private static String failures(JsonNode rounds) {
    long failed = 0;
    for (JsonNode round : rounds) {
      for (String side : new String[] {"subject", "base"}) {
        failed += round.path(side).path("status_errors").asLong();
        failed += round.path(side).path("socket_errors").asLong();
      }
    }
    return Samples.whole(failed);
  }

  private void measurements(JsonNode measurements) {
    if (measurements.isEmpty()) {
      return;
    }
    line("## Whole tasks");
    line("");
    line("| what | measured | unit | rounds |");
    line("|---|---:|---|---:|");
    for (JsonNode measurement : measurements) {
      JsonNode values = measurement.path("values");
      String unit = measurement.path("unit").asText();
      DoubleFunction<String> format =
          unit.equals("s") ? value -> String.format(Locale.ROOT, "%.2f", value) : Samples::whole;
      line(
          "| %s | %s | %s | %d |",
          measurement.path("title").asText(),
          Samples.of(values, JsonNode::asDouble).text(format),
          unit,
          values.size());
    }
    line("");
  }

  private void memory(JsonNode memory) {
    if (memory.isEmpty()) {
      return;
    }
    line("## Memory of the server");
    line("");
    line(
        "MiB; the heap after a full collection. Resident memory contains mapped files of the log.");
    line("");
    line(
        "| when | heap | resident | of it anonymous | most ever resident | threads | open files |");
    line("|---|---:|---:|---:|---:|---:|---:|");
    for (JsonNode row : memory) {
      line(
          "| %s | %d | %d | %d | %d | %d | %d |",
          row.path("when").asText(),
          row.path("heap_mib").asLong(),
          row.path("resident_mib").asLong(),
          row.path("anonymous_mib").asLong(),
          row.path("peak_resident_mib").asLong(),
          row.path("threads").asLong(),
          row.path("open_files").asLong());
    }
    line("");
  }

  private void choices(Map<String, JsonNode> choices) {
    if (choices.isEmpty()) {
      return;
    }
    line("## Logs and stores");
    line("");
    line(
        "The same load on each choice, one after the other. Requests at 64 connections, in a second;");
    line(
        "behind the stroke next to the resource that does nothing. Resident memory at its most, MiB.");
    JsonNode first = choices.values().iterator().next();
    line(
        "Taken %s with `%s`, and the setting that chooses.",
        first.path("taken").asText(), first.path("command").asText());
    line("");
    line("| log and store | import | view build | PUT | GET | query | resident | load before |");
    line("|---|---:|---:|---:|---:|---:|---:|---:|");
    choices.forEach(
        (name, http) ->
            line(
                "| %s | %s | %s | %s | %s | %s | %s | %.1f |",
                name,
                task(http, "import"),
                task(http, "view"),
                request(http, "put"),
                request(http, "get"),
                request(http, "query"),
                peak(http.path("memory")),
                http.path("machine").path("load").asDouble()));
    line("");
  }

  private static String peak(JsonNode memory) {
    return memory.isEmpty()
        ? ""
        : Samples.whole(Samples.of(memory, row -> row.path("peak_resident_mib").asDouble()).most());
  }

  private static String task(JsonNode http, String name) {
    JsonNode values = http.path("measurements").path(name).path("values");
    return values.isEmpty() ? "" : Samples.of(values, JsonNode::asDouble).text(Samples::whole);
  }

  private static String request(JsonNode http, String name) {
    for (JsonNode comparison : http.path("comparisons")) {
      if (comparison.path("name").asText().equals(name)
          && comparison.path("connections").asInt() == 64) {
        JsonNode rounds = comparison.path("rounds");
        return Samples.whole(rates(rounds, "subject").median())
            + " / "
            + ratios(rounds).text(Samples::percent);
      }
    }
    return "";
  }

  private void jmh(JsonNode jmh) {
    line("## Parts (JMH)");
    line("");
    line("Operations in a second: records, rows, documents or trees, as each benchmark says.");
    line("");
    line("| benchmark | parameters | ops/s |");
    line("|---|---|---:|");
    for (JsonNode benchmark : jmh) {
      String name = benchmark.path("benchmark").asText();
      line(
          "| %s | %s | %s |",
          name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
          parameters(benchmark.path("params")),
          JmhScores.of(benchmark).text(Samples::whole));
    }
    line("");
  }

  private static String parameters(JsonNode parameters) {
    StringBuilder text = new StringBuilder();
    parameters
        .properties()
        .forEach(
            parameter ->
                text.append(text.length() == 0 ? "" : ", ")
                    .append(parameter.getKey())
                    .append(" = `")
                    .append(parameter.getValue().asText())
                    .append('`'));
    return text.toString();
  }
}
