package io.millrace.benchmarks.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a server process occupies. Figures of Linux; elsewhere those of the system are 0.
 *
 * @param heapMib objects in use, after a full collection
 * @param residentMib memory in use, mapped files included
 * @param anonymousMib the part of it that is not mapped files
 * @param peakResidentMib the most that was ever resident
 * @param threads of the process
 * @param openFiles files and connections
 */
record ServerMemory(
    long heapMib,
    long residentMib,
    long anonymousMib,
    long peakResidentMib,
    long threads,
    long openFiles) {
  static ServerMemory read(long pid, RestClient client) {
    Path process = Path.of("/proc", Long.toString(pid));
    try {
      List<String> status =
          Files.exists(process) ? Files.readAllLines(process.resolve("status")) : List.of();
      return new ServerMemory(
          client.heapUsedBytes() >> 20,
          value(status, "VmRSS") >> 10,
          value(status, "RssAnon") >> 10,
          value(status, "VmHWM") >> 10,
          value(status, "Threads"),
          count(process.resolve("fd")));
    } catch (IOException e) {
      throw new HarnessException("the memory of process " + pid + " could not be read", e);
    }
  }

  /** The number in the line {@code name: number kB} of {@code status}; 0 when it is missing. */
  static long value(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  private static long count(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
