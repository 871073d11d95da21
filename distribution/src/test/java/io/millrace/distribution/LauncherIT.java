package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code millrace}, in a checkout of its own that has the packaged server but a
 * pretended build.
 */
final class LauncherIT {
  private static final Path REAL_APP = Path.of("target", "quarkus-app").toAbsolutePath();
  private static final Path LAUNCHER = Path.of("src", "main", "launcher");

  @TempDir Path folder;
  private Path checkout;
  private Path script;
  private Path app;
  private final Map<String, String> environment = new TreeMap<>();

  /** What a run of the script left. */
  private record Run(int exitCode, String output) {}

  @BeforeEach
  void layOutCheckout() throws IOException {
    checkout = Files.createDirectories(folder.resolve("a checkout"));
    script = checkout.resolve("millrace");
    Files.copy(Path.of("..", "millrace"), script, StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(checkout.resolve("pom.xml"), "<version>1.2.3</version>\n");
    Path launcher = Files.createDirectories(checkout.resolve("distribution").resolve(LAUNCHER));
    List<Path> sources = new ArrayList<>(List.of(checkout.resolve("pom.xml")));
    for (String name : List.of("millrace", "java.options")) {
      sources.add(
          Files.copy(
              LAUNCHER.resolve(name), launcher.resolve(name), StandardCopyOption.COPY_ATTRIBUTES));
    }
    for (Path source : sources) {
      Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
    }
    app = checkout.resolve("distribution").resolve("target").resolve("quarkus-app");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  @AfterEach
  void removeLink() throws IOException {
    if (Files.isSymbolicLink(app)) {
      Files.delete(app);
    }
  }

  /** Puts the packaged server where the build would. */
  private void installServer() throws IOException {
    Files.createDirectories(app.getParent());
    Files.createSymbolicLink(app, REAL_APP);
  }

  private void writeScript(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process begin(Path command, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(command.toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("output").toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("MILLRACE_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"), StandardCharsets.UTF_8);
  }

  private Run run(String... arguments) throws IOException, InterruptedException {
    Process process = begin(script, arguments);
    try {
      assertThat(process.waitFor(ServerProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return new Run(process.exitValue(), output());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void versionIsThatOfTheCheckout() throws Exception {
    assertThat(run("version")).isEqualTo(new Run(0, "millrace 1.2.3\n"));
  }

  @Test
  void helpNamesTheCommands() throws Exception {
    for (String word : List.of("help", "--help")) {
      Run run = run(word);
      assertThat(run.exitCode()).isZero();
      assertThat(run.output()).contains("serve", "version", "MILLRACE_DATA");
    }
  }

  @Test
  void unknownCommandIsRefused() throws Exception {
    Run run = run("sevre");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).contains("'sevre'", "millrace help");
  }

  @Test
  void unknownOptionOfTheServerIsRefused() throws Exception {
    installServer();
    Run run = run("serve", "--port=80");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).contains("'--port=80'", "millrace serve --help");
  }

  @Test
  void commandsWorkWithoutAServer() throws Exception {
    installServer();
    Run run = run("check", "nowhere");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("no database in " + folder.resolve("nowhere"));
  }

  @Test
  void commandsOnDocumentsArePassedOn() throws Exception {
    installServer();
    Run run = run("get", "films", "alien", "--server", "http://127.0.0.1:1");
    assertThat(run.exitCode()).isEqualTo(8);
    assertThat(run.output()).contains("no server answers at http://127.0.0.1:1");
  }

  @Test
  void classesAreKeptForLaterCommands() throws Exception {
    installServer();
    String[] command = {"ls", "films", "--server", "http://127.0.0.1:1"};
    String first = run(command).output();
    assertThat(first).startsWith("millrace: no server answers").hasLineCount(1);
    Path archive =
        app.resolveSibling("commands-" + Runtime.version().feature() + ".jsa").toAbsolutePath();
    assertThat(archive).exists();
    environment.put("MILLRACE_JAVA_OPTIONS", "-Xlog:class+load");
    Run later = run(command);
    assertThat(later.exitCode()).isEqualTo(8);
    assertThat(later.output())
        .contains("io.millrace.cli.Main source: shared objects file (top)")
        .contains("io.millrace.cli.command.LsCommand source: shared objects file (top)")
        .contains("no server answers")
        // Trust in certificates is not looked for without encryption.
        .doesNotContain("TrustStoreManager", "org.rocksdb", "org.jline.reader.LineReader");
    environment.put("MILLRACE_JAVA_OPTIONS", "");
    Files.writeString(archive, "damaged");
    assertThat(run(command).output()).isEqualTo(first);
  }

  @Test
  void everyCommandOfTheProgramIsKnown() throws Exception {
    for (String command :
        ("serve shell get put patch del ls buckets at tail query find import export log history diff"
                + " blame rollback verify info peers bench check backup restore convert")
            .split(" ")) {
      Process process =
          begin(
              checkout.resolve("distribution").resolve(LAUNCHER).resolve("millrace"),
              "needs-server",
              command);
      assertThat(process.waitFor(ServerProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(command).isZero();
      assertThat(run("help").output()).contains("  " + command + " ");
    }
  }

  @Test
  void oldJavaIsRefused() throws Exception {
    writeScript(folder.resolve("old/bin/java"), "echo 'openjdk version \"11.0.2\"' >&2");
    environment.put("JAVA_HOME", folder.resolve("old").toString());
    Run run = run("serve");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("version 11", "Java 17 or newer");
  }

  @Test
  void javaHomeWithoutJavaIsRefused() throws Exception {
    environment.put("JAVA_HOME", folder.resolve("nowhere").toString());
    Run run = run("serve");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("JAVA_HOME", "nowhere");
  }

  @Test
  void failedBuildNamesItsLog() throws Exception {
    writeScript(checkout.resolve("mvnw"), "echo 'no network'; exit 1");
    Run run = run("serve");
    assertThat(run.exitCode()).isEqualTo(1);
    Path log = checkout.resolve("distribution/target/build.log");
    assertThat(run.output()).contains("building", "the build failed", log.toRealPath().toString());
    assertThat(log).content().contains("no network");
  }

  @Test
  void serverIsBuiltWhenItIsMissingAndNotAgain() throws Exception {
    writeScript(
        checkout.resolve("mvnw"),
        "echo '[INFO] Building Millrace pretended'; echo built >> builds\n"
            + "mkdir -p distribution/target/quarkus-app\n"
            + "echo > distribution/target/quarkus-app/quarkus-run.jar");
    assertThat(run("serve").output()).contains("building", "Building Millrace pretended");
    assertThat(run("serve").output()).doesNotContain("building");
    assertThat(checkout.resolve("builds")).hasContent("built");

    Path source = checkout.resolve("engine/src/main/java/New.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run("serve").output()).contains("building");
  }

  @Test
  void serverRunsInTheForegroundWithItsDataInTheWorkingFolder() throws Exception {
    installServer();
    // For commands; the server is not to take it for a setting.
    environment.put("MILLRACE_SERVER", "http://127.0.0.1:1");
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, script);
    Process process =
        begin(link, "serve", "-Dquarkus.http.port=0", "-Dquarkus.log.category.\"it's\".level=INFO");
    try {
      awaitOutput(process, "is open at sequence 0");
      assertThat(folder.resolve("data")).isDirectory();
      process.destroy();
      assertThat(process.waitFor(ServerProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      assertThat(output()).contains("Database is closed");
    } finally {
      process.destroyForcibly();
    }
  }

  private void awaitOutput(Process process, String text) throws IOException {
    long deadline = System.nanoTime() + ServerProcess.PATIENCE.toNanos();
    while (!output().contains(text)) {
      assertThat(process.isAlive()).as(output()).isTrue();
      assertThat(System.nanoTime()).as(output()).isLessThan(deadline);
    }
  }
}
