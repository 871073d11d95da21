package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.cli.console.ExitCodes;
import io.millrace.engine.Millrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that are piped into the shell. */
final class ShellTest {
  @TempDir Path folder;
  private Commands commands;

  @BeforeEach
  void makeDatabase() {
    try (Database database =
        Millrace.in(folder.resolve("data"))
            .log("file", Map.of())
            .store("memory", Map.of())
            .open()) {
      assertThat(database.buckets()).isEmpty();
    }
    commands = new Commands(folder).with("MILLRACE_AUTHOR", "ann");
  }

  private String shell(int code, String text, String... options) {
    String[] all = Arrays.copyOf(options, options.length + 3);
    all[options.length] = "shell";
    all[options.length + 1] = "--data";
    all[options.length + 2] = "data";
    if (options.length > 0) {
      all = new String[] {"shell", "--data", "data", options[0]};
    }
    return commands.typing(text).exits(code, all).out();
  }

  @Test
  void statementsOfDeltadbWork() {
    String out =
        shell(
            0,
            """
            connect;
            createcollection "creating users" users;
            set "creating user"  users[0] = '{ "name": "Bryce  N", "n": 1.50 }';
            set users[note]
              = 'hello   world';
            set "a number" users[n] = 12.0;
            get users[0];
            get users[note]; get users[n];
            list users;
            listcollections;
            del "deleting user" users[0];
            deletecollection "gone" users;
            """);
    assertThat(out.lines())
        .startsWith("connected", "success: true", "success: true", "hash: 2")
        .containsSubsequence(
            "Document: {\"name\":\"Bryce  N\",\"n\":1.50}",
            "Document: hello   world",
            "Document: 12.0",
            "0",
            "n",
            "note",
            "users",
            "hash: 5",
            "success: true");
  }

  @Test
  void authorAndMessageStandWhereTheyBelong() {
    String out =
        shell(
            0,
            """
            createcollection "making it" users;
            set "the  reason" users[a] = '{}';
            del "no more" users[a];
            listhistory 10;
            listhistory 0;
            """);
    assertThat(out)
        .containsPattern(
            "ann making it \\w+ \\d+, \\d{4} at \\d+:\\d\\d[ap]m \\(UTC\\) OpCreateCollection")
        .containsPattern("2 ann the  reason .* OpSetDocument users a")
        .containsPattern("3 ann no more .* OpDeleteDocument users a");
  }

  @Test
  void errorsAreTold() {
    assertThat(shell(ExitCodes.NOT_FOUND, "list nothing;"))
        .isEqualToIgnoringNewLines("success: falseerror: Collection does not exist");
    assertThat(shell(ExitCodes.NOT_FOUND, "set nothing[a] = '{}';"))
        .contains("Collection does not exist");
    assertThat(shell(ExitCodes.CONFLICT, "createcollection a;createcollection a;"))
        .contains("Collection already exists");
    assertThat(shell(ExitCodes.NOT_FOUND, "get a[b];")).contains("Document does not exist");
    assertThat(shell(ExitCodes.NOT_FOUND, "del \"x\" a[b];")).contains("Document does not exist");
    assertThat(shell(ExitCodes.USAGE, "set \"m\" a[b] is 'x';")).contains("Invalid expression.");
    assertThat(shell(ExitCodes.USAGE, "listhistory many;")).contains("no whole number: many");
    assertThat(shell(ExitCodes.USAGE, "rollback \"m\" xyz;")).contains("Malformed Request");
    shell(ExitCodes.USAGE, "nonsense;");
    assertThat(commands.err()).contains("Unknown command: nonsense");
  }

  @Test
  void rollbackIsAskedOfTheWholeDatabase() throws IOException {
    try (FakeServer server = new FakeServer()) {
      server.on("POST /_system/rollback", 200, "{\"seq\":9,\"changed\":2}");
      server.on("GET /_system/info", 200, "{\"sequence\":0}");
      commands.with("MILLRACE_SERVER", server.address());
      assertThat(commands.typing("rollback 0;").exits(ExitCodes.NOT_FOUND, "shell").out())
          .contains("Commit does not exist");
      assertThat(commands.typing("rollback \"oh  no\" 7;").exits(0, "shell").out())
          .isEqualToIgnoringNewLines("success: truehash: 9");
      assertThat(server.last().body()).isEqualTo("{\"to\":7}");
      assertThat(server.last().header("Millrace-message")).isEqualTo("oh%20%20no");
      assertThat(server.last().header("Millrace-author")).isEqualTo("ann");
    }
  }

  @Test
  void firstFailureEndsItUnlessItIsToKeepGoing() {
    String text = "get films a\nput films b {}\nls films x y\n";
    assertThat(shell(ExitCodes.NOT_FOUND, text)).isEmpty();
    assertThat(shell(ExitCodes.NOT_FOUND, text, "--keep-going")).contains("created films/b");
  }

  @Test
  void lastStatementMustEnd() {
    shell(ExitCodes.USAGE, "put films a {");
    assertThat(commands.err()).contains("does not end: put films a {");
    assertThat(shell(0, "put films a {}")).contains("created films/a");
    assertThat(shell(0, "exit\nnonsense\n")).isEmpty();
  }
}
