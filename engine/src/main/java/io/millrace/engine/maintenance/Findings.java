package io.millrace.engine.maintenance;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.engine.maintenance.CheckReport.Outcome;
import io.millrace.engine.maintenance.CheckReport.Span;
import io.millrace.engine.maintenance.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers what a check finds, up to a limit. For one thread. */
final class Findings {
  private static final int MOST_KEPT = 1_000;

  private final List<Finding> kept = new ArrayList<>();
  private final TreeMap<Long, Long> lost = new TreeMap<>();
  private long omitted;
  private Severity worst = Severity.HARMLESS;

  void add(Severity severity, String place, String what) {
    if (severity.compareTo(worst) > 0) {
      worst = severity;
    }
    if (kept.size() < MOST_KEPT) {
      kept.add(new Finding(severity, place, what));
    } else {
      omitted++;
    }
  }

  /** Adds what {@code e} says. */
  void add(Severity severity, String place, MillraceException e, String more) {
    String where = e instanceof CorruptionException corruption ? corruption.place() : place;
    add(severity, where, e.getMessage() + more);
  }

  /** Notes that the records from {@code first} to {@code last} are lost. */
  void lost(long first, long last) {
    Map.Entry<Long, Long> before = lost.floorEntry(first);
    if (before != null && before.getValue() + 1 >= first) {
      lost.put(before.getKey(), Math.max(before.getValue(), last));
    } else {
      lost.put(first, last);
    }
  }

  List<Span> lost() {
    return lost.entrySet().stream().map(span -> new Span(span.getKey(), span.getValue())).toList();
  }

  boolean isAnythingLost() {
    return !lost.isEmpty();
  }

  boolean isLost(long sequence) {
    Map.Entry<Long, Long> span = lost.floorEntry(sequence);
    return span != null && sequence <= span.getValue();
  }

  Outcome outcome() {
    return switch (worst) {
      case HARMLESS -> Outcome.CLEAN;
      case REPAIRABLE -> Outcome.REPAIRABLE;
      case LOST -> Outcome.LOST;
    };
  }

  List<Finding> all() {
    return List.copyOf(kept);
  }

  long omitted() {
    return omitted;
  }
}
