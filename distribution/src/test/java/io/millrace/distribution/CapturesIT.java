package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions at a terminal with the packaged program, of which the guide to the command line shows
 * pictures: they must look as they do there, numbers aside. With {@code -Dmillrace.captures=write},
 * as docs/captures/make.sh gives it, the pictures are made.
 */
@Tag("ci")
final class CapturesIT {
  private static final Path CAPTURES = Path.of("..", "docs", "captures");
  private static final String PROMPT = "millrace>";
  private static final int COLUMNS = 96;
  private static final int DOCUMENTS = 1_500_000;

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Map<String, String> environment = Map.of();

  @BeforeAll
  static void fill() throws Exception {
    server = ServerProcess.on(folder.resolve("data")).with("millrace.log.sync", "os").start();
    environment = new HashMap<>();
    environment.put(
        "PATH", Path.of("src", "main", "launcher").toAbsolutePath() + ":" + System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("MILLRACE_SERVER", server.uri("").toString());
    environment.put("MILLRACE_HISTORY", folder.resolve("history").toString());
    environment.put("MILLRACE_AUTHOR", "ann");
    try (CapturedTerminal terminal = open()) {
      terminal
          .run("millrace put films alien '{\"title\":\"Alien\",\"year\":1978}' -m 'from memory'")
          .run(
              "millrace put films aliens '{\"title\":\"Aliens\",\"year\":1986}' -m 'the second one'")
          .run("millrace patch films alien '{\"year\":1979}' -a bob -m 'looked it up'")
          .run("millrace put films heat '{\"title\":\"Heat\",\"year\":1995}' -a eve -m 'another'")
          .run("millrace del films aliens --force -a eve -m 'not my taste'");
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CapturedTerminal open() throws IOException {
    return CapturedTerminal.open(COLUMNS, 40, folder, environment);
  }

  @Test
  void historyAndDifferences() throws Exception {
    try (CapturedTerminal terminal = open()) {
      terminal
          .run("millrace history films alien")
          .run("millrace log films")
          .run("millrace diff films --from 2")
          .run("millrace blame films alien");
      keep("history", terminal.picture());
    }
  }

  @Test
  void previewOfARollback() throws Exception {
    try (CapturedTerminal terminal = open()) {
      terminal
          .run("millrace rollback films --to 2 --dry-run")
          .run("millrace rollback films alien --to 1 --dry-run")
          .run("millrace verify");
      keep("rollback", terminal.picture());
    }
  }

  @Test
  void shellCompletes() throws Exception {
    try (CapturedTerminal terminal = open()) {
      terminal.type("millrace shell\n").await("the shell", text -> text.endsWith("\n" + PROMPT));
      terminal.type("his\t").await("> history");
      terminal.type("fi\t").await("> history films");
      terminal.type("al\t").await("> history films alien");
      terminal.type("--limit 1\n");
      terminal.await(
          "the history", text -> text.contains("looked it up") && text.endsWith("\n" + PROMPT));
      terminal.type("put people bob {\n").await("...>");
      terminal.type("  \"name\": \"Bob\"\n}\n");
      terminal.await(
          "the answer", text -> text.contains("created people") && text.endsWith("\n" + PROMPT));
      terminal.type("get films \t");
      terminal.await("ids", text -> text.matches("(?s).*get films\n *alien +heat *"));
      keep("shell", terminal.picture());
      terminal.type("\025exit\n").await("the end", text -> text.endsWith("\n$"));
    }
  }

  @Test
  void importTellsHowFarItIs() throws Exception {
    try (BufferedWriter file = Files.newBufferedWriter(folder.resolve("readings.ndjson"))) {
      for (int i = 0; i < DOCUMENTS; i++) {
        file.write("{\"id\":\"r" + i + "\",\"sensor\":" + i % 97 + ",\"value\":" + i + ".5}\n");
      }
    }
    try (CapturedTerminal terminal = open()) {
      terminal.type("millrace import readings readings.ndjson\n");
      keep("import", terminal.picture("progress", text -> text.contains(" left")));
      terminal.type("\003").await("the end", text -> text.endsWith("^C$"));
    }
  }

  private static void keep(String name, ScreenPicture picture) throws IOException {
    Path file = CAPTURES.resolve(name + ".svg");
    if (System.getProperty("millrace.captures", "").equals("write")) {
      Files.writeString(file, picture.svg());
    }
    assertThat(words(picture.svg())).as(picture.text()).isEqualTo(words(Files.readString(file)));
  }

  /** What stays the same from one run to the next: no numbers, and not the room that they take. */
  private static String words(String svg) {
    return svg.replaceAll("<[^>]*>", "")
        .replaceAll("[0-9a-f,.:%]*[0-9][0-9a-f,.:%]*", "0")
        .replaceAll("\\s+", " ");
  }
}
