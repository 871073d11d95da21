package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.distribution.UnpackedArchive.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that is given away: unpacked where the path has a space, and used as it is. */
@Tag("ci")
final class ArchiveIT {
  @TempDir private static Path place;
  private static UnpackedArchive archive;

  @TempDir Path folder;
  private Path data;

  @BeforeAll
  static void unpack() throws IOException {
    archive =
        UnpackedArchive.of(Path.of("target"), Files.createDirectory(place.resolve("some where")));
  }

  @BeforeEach
  void nameData() {
    data = folder.resolve("data");
  }

  private Run millrace(String... arguments) {
    return archive.millrace(folder, arguments);
  }

  private static void writeThreeFilms(ServerProcess server) {
    for (int i = 1; i <= 3; i++) {
      assertThat(server.put("/films/" + i, "{\"title\":\"Film " + i + "\"}").statusCode())
          .isEqualTo(201);
    }
  }

  private void makeDatabase() {
    try (ServerProcess server = ServerProcess.on(data).by(archive.launcher()).start()) {
      writeThreeFilms(server);
      assertThat(server.stop()).isEqualTo(ServerProcess.ENDED_IN_ORDER);
    }
  }

  @Test
  void hasWhatAnOperatorLooksFor() {
    assertThat(archive.home())
        .isDirectoryContaining("glob:**/LICENSE")
        .isDirectoryContaining("glob:**/README.md");
    assertThat(archive.launcher()).isExecutable();
    for (String file :
        List.of(
            "conf/application.properties",
            "plugins/README.md",
            "licences/THIRD-PARTY.txt",
            "docs/operating.md",
            "systemd/millrace.service",
            "container/Containerfile")) {
      assertThat(archive.home().resolve(file)).isRegularFile();
    }
  }

  @Test
  void zipHasTheSameFiles() throws IOException {
    Set<String> unpacked;
    try (Stream<Path> files = Files.walk(archive.home())) {
      unpacked =
          files
              .filter(Files::isRegularFile)
              .map(file -> archive.home().getParent().relativize(file).toString())
              .filter(name -> !name.contains(".jsa"))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    try (ZipFile zip = new ZipFile(UnpackedArchive.packed(Path.of("target"), ".zip").toFile())) {
      Set<String> zipped =
          zip.stream()
              .filter(entry -> !entry.isDirectory())
              .map(ZipEntry::getName)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(zipped).isEqualTo(unpacked);
    }
  }

  @Test
  void servesThroughALinkAndIsCleanAfterwards() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("millrace"), archive.launcher());
    try (ServerProcess server = ServerProcess.on(data).by(link).start()) {
      writeThreeFilms(server);
      Run busy = millrace("check", data.toString()).exits(1);
      assertThat(busy.err()).contains(data.toString(), Long.toString(server.pid()));
      assertThat(server.stop()).isEqualTo(ServerProcess.ENDED_IN_ORDER);
    }
    Run check = millrace("check", "data").exits(0);
    assertThat(check.out()).contains("log: 3 records", "index: 3 documents", data + ": clean");
    assertThat(check.err()).isEmpty();
  }

  @Test
  void checkFindsDamageAndSaysWhatIsLost() throws IOException {
    makeDatabase();
    Path segment;
    try (Stream<Path> files = Files.list(data.resolve("log"))) {
      segment =
          files.filter(file -> file.toString().endsWith(".segment")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    int place = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("Film 2");
    bytes[place] ^= 1;
    Files.write(segment, bytes, StandardOpenOption.TRUNCATE_EXISTING);

    Run check = millrace("check", "data").exits(4);
    assertThat(check.out()).contains("lost: " + segment, "lost sequences: 2", "films/2");
    JsonNode json = Answer.tree(millrace("check", "--json", "data").exits(4).out());
    assertThat(json.path("outcome").asText()).isEqualTo("lost");
    assertThat(json.path("lost").path(0).path("first").asLong()).isEqualTo(2);
  }

  @Test
  void convertsToAnotherStore() {
    makeDatabase();
    Run convert = millrace("convert", "--from", "data", "--to", "other", "--store", "leveldb");
    assertThat(convert.exits(0).out()).contains("3 records, 3 documents");
    millrace("check", "other").exits(0);
    ServerProcess.Builder other =
        ServerProcess.on(folder.resolve("other"))
            .with("millrace.store.type", "leveldb")
            .by(archive.launcher());
    try (ServerProcess server = other.start()) {
      assertThat(server.get("/films/2").body()).contains("Film 2");
      assertThat(server.put("/films/4", "{}").statusCode()).isEqualTo(201);
    }
    assertThat(millrace("convert", "--from", "data", "--to", "other", "--store", "leveldb"))
        .satisfies(again -> assertThat(again.exits(1).err()).contains("other"));
  }

  @Test
  void backsUpAServerAndRestores() {
    ServerProcess.Builder builder =
        ServerProcess.on(data)
            .with("millrace.backup.folder", folder.resolve("backups").toString())
            .by(archive.launcher());
    try (ServerProcess server = builder.start()) {
      writeThreeFilms(server);
      String address = server.uri("").toString();
      assertThat(millrace("backup", "--server", address, "first").exits(0).out())
          .contains("first", "sequence 3");
      assertThat(millrace("backup", "--server", address, "a/b").exits(1).err())
          .contains(address, "millrace.backup.folder");
    }
    restoreAndLook(folder.resolve("backups").resolve("first"));
  }

  @Test
  void backsUpAFolderAndRestores() {
    makeDatabase();
    JsonNode made =
        Answer.tree(millrace("backup", "--json", "--data", "data", "copy").exits(0).out());
    assertThat(made.path("seq").asLong()).isEqualTo(3);
    restoreAndLook(folder.resolve("copy"));
  }

  private void restoreAndLook(Path backup) {
    Run restore = millrace("restore", "--from", backup.toString(), "--to", "restored").exits(0);
    assertThat(restore.out()).contains("3 records", folder.resolve("restored").toString());
    millrace("check", "restored").exits(0);
    ServerProcess.Builder builder =
        ServerProcess.on(folder.resolve("restored")).by(archive.launcher());
    try (ServerProcess server = builder.start()) {
      assertThat(server.get("/films/3").body()).contains("Film 3");
    }
  }

  @Test
  void readsTheSettingsBesideItUnlessThereAreOthers() throws IOException {
    Path settings = archive.home().resolve("conf").resolve("application.properties");
    String before = Files.readString(settings);
    Files.writeString(settings, before + "\nmillrace.node=beside\n");
    try {
      try (ServerProcess server = ServerProcess.on(data).by(archive.launcher()).start()) {
        assertThat(server.get("/").body()).contains("\"node\":\"beside\"");
      }
      Path own = Files.writeString(folder.resolve("own.properties"), "millrace.node=own\n");
      ServerProcess.Builder other =
          ServerProcess.on(data)
              .environment("MILLRACE_CONF", own.toString())
              .by(archive.launcher());
      try (ServerProcess server = other.start()) {
        assertThat(server.get("/").body()).contains("\"node\":\"own\"");
      }
    } finally {
      Files.writeString(settings, before);
    }
  }

  @Test
  void missingSettingsThatWereAskedForEndTheStart() {
    ServerProcess.Builder builder =
        ServerProcess.on(data).environment("MILLRACE_CONF", "/nowhere").by(archive.launcher());
    try (ServerProcess server = builder.launch()) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.log()).contains("MILLRACE_CONF", "/nowhere").doesNotContain("\tat ");
    }
  }

  @Test
  void wrongCommandsAndOptionsAreExplained() {
    assertThat(millrace("sevre").exits(2).err()).contains("'sevre'", "millrace help");
    assertThat(millrace("serve", "--port").exits(2).err()).contains("'--port'", "--help");
    assertThat(millrace("check", "--jsn", "data").exits(2).err()).contains("--jsn", "--json");
    assertThat(millrace("check").exits(2).err()).contains("DIR", "millrace check --help");
    assertThat(millrace("check", "-Dmillrace.log.file.x=1", "data").exits(1).err())
        .contains("millrace.log.file.x")
        .doesNotContain("\tat ");
    assertThat(millrace("check", "nothing").exits(1).err())
        .isEqualTo(
            "millrace: there is no database in " + folder.resolve("nothing") + " [no-database]\n");
    assertThat(millrace("check", "--debug", "nothing").exits(1).err()).contains("\tat ");
  }

  @Test
  void everyCommandExplainsItself() {
    String help = millrace("help").exits(0).out();
    for (String command : List.of("serve", "check", "backup", "restore", "convert")) {
      assertThat(help).contains(command);
      assertThat(millrace(command, "--help").exits(0).out())
          .contains("Usage: millrace " + command, "Exit codes:");
    }
    assertThat(millrace("version").exits(0).out())
        .isEqualTo("millrace " + archive.home().getFileName().toString().substring(9) + "\n");
  }
}
