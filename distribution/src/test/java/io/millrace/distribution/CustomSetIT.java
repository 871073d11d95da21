package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive with a choice of modules, built as the operator's guide says. */
@Tag("ci")
final class CustomSetIT {
  private static final String TARGET = "target/custom-set";
  private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)");
  private static final long MINUTES = 10;

  @TempDir Path folder;

  @Test
  void archiveWithLeveldbAloneHasNoNativeCodeOfOtherStoresAndServesFromIt() throws Exception {
    build("-Dmillrace.stores=leveldb", "-Dmillrace.views=none");
    UnpackedArchive archive = UnpackedArchive.of(Path.of(TARGET), folder);

    assertThat(jarsWithNativeCode(archive.home()))
        .hasSize(2)
        .anyMatch(jar -> jar.contains("leveldb"))
        .anyMatch(jar -> jar.contains("zstd-jni"));
    assertThat(jars(archive.home())).noneMatch(jar -> jar.toString().contains("rocksdb"));

    ServerProcess.Builder builder = ServerProcess.on(folder.resolve("data")).by(archive.launcher());
    try (ServerProcess server = builder.start()) {
      assertThat(server.put("/films/1", "{}").statusCode()).isEqualTo(201);
      JsonNode modules = Answer.json(server.get("/_system/info"), 200).path("modules");
      List<String> chosen = new ArrayList<>();
      modules.forEach(
          module -> {
            if (module.path("chosen").asBoolean()) {
              chosen.add(module.path("name").asText());
            }
          });
      assertThat(chosen).contains("file", "leveldb").doesNotContain("rocksdb");
      server.stop();
    }
    archive.millrace(folder, "check", "data").exits(0);
    assertThat(
            archive
                .millrace(
                    folder, "convert", "--from", "data", "--to", "other", "--store", "rocksdb")
                .exits(1)
                .err())
        .contains("rocksdb", "leveldb, memory");
  }

  private void build(String... choices) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "./mvnw", "-B", "-ntp", "-Dmaven.test.skip=true", "-Dspotless.check.skip=true"));
    command.addAll(List.of(choices));
    command.addAll(List.of("-Dmillrace.target=" + TARGET, "-pl", "distribution", "-am", "package"));
    Path log = folder.resolve("build.log");
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("built in time").isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<Path> jars(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  /** The names of jars, and of files outside of jars, that have native libraries. */
  private static Set<String> jarsWithNativeCode(Path home) throws IOException {
    Set<String> found;
    try (Stream<Path> files = Files.walk(home)) {
      found =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> NATIVE.matcher(name).matches())
              .collect(Collectors.toCollection(TreeSet::new));
    }
    for (Path jar : jars(home)) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        if (zip.stream().map(ZipEntry::getName).anyMatch(NATIVE.asMatchPredicate())) {
          found.add(jar.getFileName().toString());
        }
      }
    }
    return found;
  }
}
