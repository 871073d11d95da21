package io.millrace.benchmarks.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Everything that a run has measured so far, every round of it, as the JSON that {@link
 * ResultsPage} reads. Tells the person who waits what goes on.
 */
final class Results {
  private final ObjectNode root = JsonNodeFactory.instance.objectNode();
  private final PrintStream progress;

  Results(Clock clock, String arguments, PrintStream progress) {
    this.progress = progress;
    root.put("taken", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    root.put("command", ("benchmarks/http " + arguments).strip());
  }

  ObjectNode json() {
    return root;
  }

  ObjectNode machine() {
    return root.withObject("/machine");
  }

  /** Adds one number of the measurement {@code name}. */
  void measured(String name, String title, String unit, double value) {
    ObjectNode measurement = root.withObject("/measurements").withObject("/" + name);
    measurement.put("title", title).put("unit", unit).withArray("/values").add(value);
    say(String.format(Locale.ROOT, "%s: %,.2f %s", title, value, unit));
  }

  /** Adds one round of a comparison. */
  void compared(Comparison comparison, int connections, ObjectNode subject, ObjectNode base) {
    ArrayNode all = root.withArray("/comparisons");
    ObjectNode found = null;
    for (int i = 0; i < all.size(); i++) {
      ObjectNode candidate = (ObjectNode) all.get(i);
      if (candidate.get("name").asText().equals(comparison.name())
          && candidate.get("connections").asInt() == connections) {
        found = candidate;
      }
    }
    if (found == null) {
      found = all.addObject();
      found.put("name", comparison.name()).put("title", comparison.title());
      found.put("connections", connections);
    }
    ObjectNode round = found.withArray("/rounds").addObject();
    round.set("subject", subject);
    round.set("base", base);
    round.put("load", Machine.loadAverage());
    double rate = Wrk.rate(subject);
    say(
        String.format(
            Locale.ROOT,
            "%s, %d connections: %,.0f/s, %.0f %% of %,.0f/s",
            comparison.title(),
            connections,
            rate,
            100 * rate / Wrk.rate(base),
            Wrk.rate(base)));
  }

  /** Adds what the server occupies at one moment. */
  void occupied(String when, ServerMemory memory) {
    ObjectNode row = root.withArray("/memory").addObject();
    row.put("when", when);
    row.put("heap_mib", memory.heapMib());
    row.put("resident_mib", memory.residentMib());
    row.put("anonymous_mib", memory.anonymousMib());
    row.put("peak_resident_mib", memory.peakResidentMib());
    row.put("threads", memory.threads());
    row.put("open_files", memory.openFiles());
    say("memory " + when + ": " + memory);
  }

  /** Adds something that a reader of the figures must know. */
  void noted(String note) {
    root.withArray("/notes").add(note);
    say(note);
  }

  /** Tells what goes on. */
  void say(String line) {
    progress.println("benchmarks: " + line);
  }
}
