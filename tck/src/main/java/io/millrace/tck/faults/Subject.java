package io.millrace.tck.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is put to the test: a log or a store of a provider, as something that takes batches which
 * are counted from 1. The content of each follows from its number, so any process can compare.
 */
interface Subject {
  /** So that the contents of batches are the same everywhere. */
  long SEED = 7_919;

  /** Opens it in {@code folder}, whose parent exists. */
  Session open(Path folder);

  /** What {@link #parse} makes the same of, in another process. */
  List<String> arguments();

  /** Whether it answers for each batch that it is durable; a store does so for flushes only. */
  boolean acknowledgesEachBatch();

  /** Reads {@link #arguments()}. */
  static Subject parse(List<String> arguments) {
    Map<String, String> settings = new TreeMap<>();
    for (String setting : arguments.subList(2, arguments.size())) {
      int equals = setting.indexOf('=');
      settings.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    String provider = arguments.get(1);
    return arguments.get(0).equals(LogSubject.KIND)
        ? new LogSubject(provider, settings)
        : new StoreSubject(provider, settings);
  }

  /** Writes what {@link #parse} reads. */
  static List<String> arguments(String kind, String provider, Map<String, String> settings) {
    List<String> arguments = new ArrayList<>(List.of(kind, provider));
    settings.forEach((key, value) -> arguments.add(key + "=" + value));
    return List.copyOf(arguments);
  }
}
