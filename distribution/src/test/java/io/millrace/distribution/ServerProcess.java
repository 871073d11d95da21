package io.millrace.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The packaged server in a child process, on a free port of the loopback interface.
 *
 * <pre>{@code
 * try (ServerProcess server = ServerProcess.on(folder).with("millrace.log.sync", "os").start()) {
 *   assertThat(server.get("/films/1").statusCode()).isEqualTo(404);
 * }
 * }</pre>
 *
 * <p>Leaving the block kills the process hard when it still runs. Every assertion of this class
 * shows what the process printed. For one thread, but the client may be used by many.
 */
final class ServerProcess implements AutoCloseable {
  /** Far more than a start, a stop or a request takes on a busy machine. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The exit code of a JVM that ended in order after {@code SIGTERM}. */
  static final int ENDED_IN_ORDER = 143;

  private static final Pattern LISTENING = Pattern.compile("Listening on: (http://[0-9.]+:\\d+)");

  private final Process process;
  private final StringBuffer log = new StringBuffer();
  private final CompletableFuture<URI> listening = new CompletableFuture<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final Thread reader;

  private ServerProcess(Process process) {
    this.process = process;
    reader = new Thread(this::copyOutput, "output of server " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** A server that keeps its data in {@code data}. */
  static Builder on(Path data) {
    return new Builder(data);
  }

  /** What to start. */
  static final class Builder {
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<String> wrapper = new ArrayList<>();
    private final Path folder;
    private @Nullable Path launcher;

    private Builder(Path data) {
      folder = data.toAbsolutePath().getParent();
      properties.put("millrace.data", data.toAbsolutePath().toString());
      properties.put("quarkus.http.port", "0");
      properties.put("millrace.replication.port", "0");
    }

    /** Gives {@code key} a value on the command line. */
    Builder with(String key, String value) {
      properties.put(key, value);
      return this;
    }

    /** Gives an environment variable a value. */
    Builder environment(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    /** Adds an option of the JVM, stronger than those of the launcher. */
    Builder jvm(String option) {
      jvmOptions.add(option);
      return this;
    }

    /** Starts it with this script in place of the options that it would give. */
    Builder by(Path script) {
      launcher = script;
      return this;
    }

    /**
     * Mounts a disk in memory of this size at {@code mountPoint}, which the server's process alone
     * sees; others look at it through {@code /proc/PID/root}. Linux only.
     */
    Builder onSmallDisk(Path mountPoint, int mebibytes) {
      String mount = "mount -t tmpfs -o size=" + mebibytes + "m none \"$0\" && exec \"$@\"";
      wrapper.addAll(List.of("unshare", "-rm", "sh", "-c", mount, mountPoint.toString()));
      return this;
    }

    /** Starts the process and returns when the database is open. */
    ServerProcess start() {
      ServerProcess server = launch();
      try {
        server.awaitReady();
      } catch (AssertionError failed) {
        server.close();
        throw failed;
      }
      return server;
    }

    /** Starts the process and returns at once. */
    ServerProcess launch() {
      List<String> command = new ArrayList<>(wrapper);
      Path script = launcher;
      if (script == null) {
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of("src", "main", "launcher", "java.options").toAbsolutePath());
        command.addAll(jvmOptions);
      } else {
        command.add(script.toString());
        command.add("serve");
      }
      properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
      if (script == null) {
        command.add("-jar");
        command.add(
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath().toString());
      }
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      builder.environment().keySet().removeIf(variable -> variable.startsWith("MILLRACE_"));
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().putAll(environment);
      try {
        return new ServerProcess(builder.start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void copyOutput() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.append(line).append('\n');
        Matcher matcher = LISTENING.matcher(line);
        if (matcher.find()) {
          listening.complete(URI.create(matcher.group(1)));
        }
      }
    } catch (IOException e) {
      log.append("(the output ended: ").append(e.getMessage()).append(")\n");
    } finally {
      listening.completeExceptionally(new IOException("the process ended"));
    }
  }

  /** Everything that the process has printed so far, both streams. */
  String log() {
    return log.toString();
  }

  /** Waits until {@code text} was printed, and answers everything that was printed so far. */
  String awaitLog(String text) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (log.indexOf(text) < 0) {
      if (System.nanoTime() > deadline) {
        throw failure("it does not print: " + text, null);
      }
      Thread.onSpinWait();
    }
    return log.toString();
  }

  long pid() {
    return process.pid();
  }

  /** For requests of one's own. */
  HttpClient client() {
    return client;
  }

  /** The address of {@code path}, which begins with a slash and is encoded already. */
  URI uri(String path) {
    try {
      URI root = listening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return URI.create(root + path);
    } catch (ExecutionException | TimeoutException e) {
      throw failure("the server does not listen", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted", e);
    }
  }

  /** A request to {@code path}, to be completed and sent. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw failure("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted", e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE());
  }

  /** Sends JSON. */
  HttpResponse<String> put(String path, String json) {
    return json("PUT", path, json);
  }

  /** Sends JSON. */
  HttpResponse<String> post(String path, String json) {
    return json("POST", path, json);
  }

  private HttpResponse<String> json(String method, String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json)));
  }

  /** Returns when the database is open. */
  void awaitReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (get("/q/health/ready").statusCode() != 200) {
      if (System.nanoTime() > deadline) {
        throw failure("the server is not ready in time", null);
      }
      Thread.onSpinWait();
    }
  }

  /**
   * Sends the signal for an orderly end and waits for it.
   *
   * @return the exit code
   */
  int stop() {
    signal();
    return awaitExit();
  }

  /** Ends the process as a loss of power would, as far as it can tell, and waits for its end. */
  void kill() {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  /** Sends the signal for an orderly end and does not wait. */
  void signal() {
    // Not through the process itself, which would close its output and lose its last words.
    process.toHandle().destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until the process has ended by itself. */
  int awaitExit() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure("the server does not end", null);
      }
      reader.join(PATIENCE.toMillis());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted", e);
    }
  }

  /** An error with {@code message} and all that the process printed. */
  AssertionError failure(String message, @Nullable Throwable cause) {
    return new AssertionError(message + "; the server printed:\n" + log, cause);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
