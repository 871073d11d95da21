package io.millrace.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The packaged server in a child process, started with the options of the launcher on a free port
 * of the loopback interface. Ended by its own process id, whatever happens. For one thread.
 */
final class BenchmarkServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(5);

  private final Process process;
  private final Path output;
  private final RestClient client;
  private final long startedNanos;
  private Duration untilReady = Duration.ZERO;

  private BenchmarkServer(Process process, Path output, RestClient client, long startedNanos) {
    this.process = process;
    this.output = output;
    this.client = client;
    this.startedNanos = startedNanos;
  }

  /** Starts a server whose data lies in {@code folder}, and returns at once. */
  static BenchmarkServer launch(HttpOptions options, Path folder) {
    Path app = options.root().resolve("distribution/target/quarkus-app/quarkus-run.jar");
    if (!Files.isRegularFile(app)) {
      throw new HarnessException(
          app + " is missing; build the server with: ./mvnw -DskipTests package");
    }
    try {
      int port = freePort();
      Path output = folder.resolve("server.log");
      ProcessBuilder builder =
          new ProcessBuilder(command(options, app, folder, port))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
      builder.environment().keySet().removeIf(variable -> variable.startsWith("MILLRACE_"));
      // As the launcher does.
      builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
      RestClient client = new RestClient(URI.create("http://127.0.0.1:" + port));
      long started = System.nanoTime();
      return new BenchmarkServer(builder.start(), output, client, started);
    } catch (IOException e) {
      throw new HarnessException("the server could not be started", e);
    }
  }

  private static List<String> command(HttpOptions options, Path app, Path folder, int port) {
    List<String> command = new ArrayList<>();
    command.add(javaTool("java").toString());
    command.add("@" + options.root().resolve("distribution/src/main/launcher/java.options"));
    int version = Runtime.version().feature();
    if (version >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (version >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    Path archive = options.root().resolve("distribution/target/server-" + version + ".jsa");
    if (Files.exists(archive)) {
      // As the launcher does: loaded classes that the last build left behind for faster starts.
      command.addAll(
          List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
    }
    command.add("-Dmillrace.data=" + folder.resolve("data"));
    command.add("-Dmillrace.benchmark.no-op=true");
    command.add("-Dquarkus.http.port=" + port);
    command.addAll(options.serverOptions());
    command.add("-jar");
    command.add(app.toString());
    return command;
  }

  private static Path javaTool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until the server answers requests. */
  void awaitReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!client.ready()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new HarnessException("the server is not ready; it printed:\n" + printed());
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    untilReady = Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  private String printed() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return "(unreadable: " + e.getMessage() + ")";
    }
  }

  RestClient client() {
    return client;
  }

  URI uri() {
    return client.root();
  }

  /**
   * From the start of the process to the first positive answer of the readiness probe, once {@link
   * #awaitReady} has returned.
   */
  Duration untilReady() {
    return untilReady;
  }

  /** What the process occupies now, after a full collection. */
  ServerMemory memory() {
    diagnose("GC.run");
    return ServerMemory.read(process.pid(), client);
  }

  /** Begins a flight recording. */
  void startRecording() {
    diagnose("JFR.start", "name=benchmark", "settings=profile");
  }

  /** Ends the flight recording and writes it to {@code file}. */
  void stopRecording(Path file) {
    diagnose("JFR.stop", "name=benchmark", "filename=" + file);
  }

  private void diagnose(String... command) {
    List<String> whole = new ArrayList<>();
    whole.add(javaTool("jcmd").toString());
    whole.add(Long.toString(process.pid()));
    whole.addAll(List.of(command));
    try {
      Process tool =
          new ProcessBuilder(whole)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (tool.waitFor() != 0) {
        throw new HarnessException("jcmd " + command[0] + " failed");
      }
    } catch (IOException e) {
      throw new HarnessException("jcmd could not be run; it is a part of the JDK", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HarnessException("interrupted", e);
    }
  }

  /** Asks the process to end, and waits until it has. */
  void stop() {
    process.destroy();
    awaitExit();
  }

  /** Ends the process at once. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  private void awaitExit() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new HarnessException("the server does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HarnessException("interrupted", e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
