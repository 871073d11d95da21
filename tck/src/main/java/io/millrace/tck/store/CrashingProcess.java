package io.millrace.tck.store;

import io.millrace.api.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** A child process that works with a store and is halted in the middle of a step. */
final class CrashingProcess {
  /** What the child ends with; anything else means that it failed before it could be halted. */
  private static final int HALTED = 86;

  private static final long TIMEOUT_SECONDS = 120;

  private CrashingProcess() {}

  /** Starts the child and waits until it has been halted. */
  static void run(
      String provider, Map<String, String> settings, Path folder, StoreWorkload workload) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    // A native library that is unpacked must not outlive the test.
    command.add("-Djava.io.tmpdir=" + workload.notes().toAbsolutePath().getParent());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(CrashingProcess.class.getName());
    command.add(provider);
    command.add(folder.toString());
    command.add(Long.toString(workload.seed()));
    command.add(Integer.toString(workload.steps()));
    command.add(Integer.toString(workload.stepsPerFlush()));
    command.add(workload.notes().toString());
    settings.forEach((key, value) -> command.add(key + "=" + value));
    Path output = workload.notes().resolveSibling("child-output.txt");
    try {
      Process child =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        Assertions.assertThat(child.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
            .as("the child ends in time")
            .isTrue();
      } finally {
        child.destroyForcibly().waitFor();
      }
      Assertions.assertThat(child.exitValue())
          .as("the child was halted; its output is in %s", output)
          .isEqualTo(HALTED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the child", e);
    }
  }

  /** The child. */
  public static void main(String[] arguments) throws InterruptedException {
    Map<String, String> settings = new TreeMap<>();
    for (String setting : List.of(arguments).subList(6, arguments.length)) {
      int equals = setting.indexOf('=');
      settings.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    StoreWorkload workload =
        new StoreWorkload(
            Long.parseLong(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            Path.of(arguments[5]));
    Store store = ProviderStoreFixture.open(arguments[0], settings, Path.of(arguments[1]));
    int haltAfter = new SplittableRandom(workload.seed() + 1).nextInt(1, workload.steps());
    CountDownLatch untilHalt = new CountDownLatch(haltAfter);
    Thread worker = new Thread(() -> workload.run(store, untilHalt::countDown), "worker");
    worker.setUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    worker.start();
    untilHalt.await(); // and the worker goes on
    Runtime.getRuntime().halt(HALTED);
  }
}
