package io.millrace.benchmarks.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What the figures were measured on. */
final class Machine {
  private static final Duration PROBE = Duration.ofSeconds(1);
  private static final int PROBE_BYTES = 256;

  private Machine() {}

  /** Writes down the machine; {@code folder} is on the disk that is measured. */
  static void describe(ObjectNode into, Path folder) {
    into.put("processor", line(Path.of("/proc/cpuinfo"), "model name").orElse("unknown"));
    into.put("cores", Runtime.getRuntime().availableProcessors());
    into.put("memory", line(Path.of("/proc/meminfo"), "MemTotal").orElse("unknown"));
    into.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    into.put(
        "jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    into.put("load", loadAverage());
    into.put("forces", forcesPerSecond(folder));
  }

  /** How many processes wanted to run, on average over the last minute. */
  static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static Optional<String> line(Path file, String name) {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      throw new HarnessException(file + " could not be read", e);
    }
  }

  /** How often in a second 256 bytes can be written over and forced to disk. */
  private static long forcesPerSecond(Path folder) {
    Path file = folder.resolve("force-probe");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      channel.write(ByteBuffer.allocate(1 << 20), 0);
      channel.force(true);
      long begun = System.nanoTime();
      long forces = 0;
      while (System.nanoTime() - begun < PROBE.toNanos()) {
        channel.write(ByteBuffer.allocate(PROBE_BYTES), forces % 1024 * PROBE_BYTES);
        channel.force(false);
        forces++;
      }
      return forces;
    } catch (IOException e) {
      throw new HarnessException(folder + " could not be probed", e);
    }
  }
}
