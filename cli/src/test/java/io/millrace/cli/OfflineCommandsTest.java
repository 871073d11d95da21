package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import io.millrace.engine.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a data folder that they open themselves. */
final class OfflineCommandsTest {
  @TempDir Path folder;
  private Commands commands;

  @BeforeEach
  void makeDatabase() {
    Path data = folder.resolve("data");
    try (Database database =
        Millrace.in(data).log("file", Map.of()).store("memory", Map.of()).open()) {
      assertThat(database.buckets()).isEmpty();
    }
    commands = new Commands(folder);
  }

  private Commands exits(int code, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--data";
    all[arguments.length + 1] = "data";
    return commands.exits(code, all);
  }

  @Test
  void documentsAreWrittenReadAndDeleted() {
    exits(
        0, "put", "films", "heat", "{\"year\":1.50E+1,\"a\":\"\\u00e9\"}", "-a", "ann", "-m", "x");
    assertThat(exits(0, "get", "films", "heat").out())
        .contains("\"year\":1.50E+1,\"a\":\"\\u00e9\"}");
    assertThat(exits(ExitCodes.CONFLICT, "put", "films", "heat", "{}").err())
        .contains("[conflict]");
    exits(0, "patch", "films", "heat", "{\"a\":null,\"b\":{\"c\":2}}");
    assertThat(exits(0, "get", "films", "heat").out())
        .contains("\"year\":1.50E+1,\"b\":{\"c\":2}}");
    exits(0, "put", "films", "[{\"id\":\"x\"},{\"id\":\"y\"}]");
    exits(0, "del", "films", "x", "--force");
    exits(ExitCodes.NOT_FOUND, "get", "films", "x");
    assertThat(exits(0, "ls", "films").out().lines()).hasSize(3);
    assertThat(exits(0, "at", "1", "films").out()).contains("heat").doesNotContain("y");
    assertThat(exits(0, "get", "films", "heat", "--at", "1").out()).contains("\\u00e9");
    assertThat(exits(0, "buckets").out()).contains("films          2        1");
    assertThat(exits(0, "tail", "films", "--no-follow", "-n", "1").out())
        .contains("films/x", "deleted");
    assertThat(exits(ExitCodes.FAILED, "tail", "films").err()).contains("--no-follow");
    exits(0, "info");
  }

  @Test
  void historyIsThere() {
    exits(0, "put", "films", "heat", "{\"year\":1}", "-a", "ann", "-m", "first");
    exits(0, "patch", "films", "heat", "{\"year\":2,\"b\":1}", "-a", "bob", "-m", "second");
    assertThat(exits(0, "log", "films").out()).containsSubsequence("bob", "second", "ann", "first");
    assertThat(exits(0, "log", "--author", "ann").out()).contains("first").doesNotContain("second");
    assertThat(exits(0, "history", "films", "heat").out()).containsSubsequence("2-", "1-");
    assertThat(exits(0, "diff", "films", "heat").out()).contains("~ /year 2", "+ /b 1");
    assertThat(exits(0, "diff", "films", "--from", "1").out()).contains("~ heat");
    assertThat(exits(0, "blame", "films", "heat").out()).contains("bob");
    exits(ExitCodes.NOT_FOUND, "at", "99", "films");
    exits(ExitCodes.REFUSED, "at", "2026-05-01T00:00:00", "films");
  }

  @Test
  void earlierStatesAreBroughtBack() {
    exits(0, "put", "films", "heat", "{\"year\":1}");
    exits(0, "patch", "films", "heat", "{\"year\":2}");
    exits(0, "put", "films", "jaws", "{}");
    exits(0, "put", "others", "x", "{}");
    assertThat(exits(0, "rollback", "films", "--to", "1", "--dry-run").out().lines())
        .containsExactly("~ heat", "- jaws", "would change 2: 0 created, 1 updated, 1 deleted");
    assertThat(exits(0, "rollback", "films", "heat", "--to", "1", "--dry-run").out().lines())
        .containsExactly("~ /year 1", "would change 1: 0 created, 1 updated, 0 deleted");
    assertThat(exits(0, "rollback", "--all", "--to", "3", "--dry-run").out().lines())
        .containsExactly("would drop others", "would change 0: 0 created, 0 updated, 0 deleted");
    assertThat(exits(0, "get", "films", "heat").out()).contains("\"year\":2");
    assertThat(exits(0, "rollback", "films", "--to", "1", "-a", "ann", "-m", "oops").out())
        .isEqualToIgnoringNewLines("rolled back films to 1: 2 changed, sequence 6");
    assertThat(exits(0, "get", "films", "heat").out()).contains("\"year\":1");
    exits(ExitCodes.NOT_FOUND, "get", "films", "jaws");
    assertThat(exits(0, "log", "films", "--limit", "1").out())
        .contains("ann     rollback to 1        2  oops");
    exits(0, "rollback", "films", "heat", "--to", "2");
    assertThat(exits(0, "get", "films", "heat").out()).contains("\"year\":2");
    exits(0, "rollback", "--all", "--to", "3");
    assertThat(exits(0, "buckets").out()).doesNotContain("others");
    exits(ExitCodes.NOT_FOUND, "rollback", "films", "--to", "99");
    exits(ExitCodes.NOT_FOUND, "rollback", "films", "nothing", "--to", "1");
    exits(ExitCodes.REFUSED, "rollback", "films", "--to", "2026-05-01T12:00:00");
    exits(ExitCodes.REFUSED, "rollback", "films", "--to", "1-" + "a".repeat(32));
  }

  @Test
  void commitsAreVerified() {
    assertThat(exits(0, "verify").out()).contains("0 commits");
    exits(0, "put", "films", "heat", "{}");
    exits(0, "put", "films", "jaws", "{}");
    assertThat(exits(0, "verify").out())
        .contains("2 commits of sequences 1 to 2: none was altered");
    String digest =
        Json.tree(exits(0, "log", "--json", "--reverse").out().lines().findFirst().orElseThrow())
            .path("digest")
            .asText();
    assertThat(digest).hasSize(64);
    exits(0, "verify", "--to", "1", "--digest", digest);
    assertThat(exits(ExitCodes.LOST, "verify", "--digest", digest).out())
        .contains("altered: sequence 2: ", digest);
    exits(ExitCodes.REFUSED, "verify", "--digest", "abc");
    exits(ExitCodes.NOT_FOUND, "verify", "--to", "3");
  }

  @Test
  void differencesAndDroppedBucketsAreTheSameAsServed() {
    exits(0, "put", "films", "heat", "{\"year\":1.50}");
    assertThat(exits(0, "diff", "films", "--json").out())
        .contains("\"change\":\"created\"", "\"document\":{\"id\":\"heat\",", "\"year\":1.50}}");
    assertThat(exits(0, "buckets", "--create", "other", "--json").out()).contains("\"seq\":2}");
    assertThat(exits(0, "buckets", "--create", "other", "--json").out()).doesNotContain("seq");
    assertThat(exits(0, "buckets", "--drop", "other", "--json").out()).contains("\"seq\":3}");
    exits(ExitCodes.NOT_FOUND, "buckets", "--drop", "other");
  }

  @Test
  void whatWasExportedIsImportedTheSame() throws IOException {
    exits(
        0,
        "put",
        "films",
        "[{\"id\":\"a\",\"n\":1.50,\"t\":\"x, \\\"y\\\"\\nz\",\"l\":[1,2]},{\"id\":\"b\",\"é\":null}]");
    exits(0, "export", "films", "f.json");
    exits(0, "export", "films", "f.ndjson");
    exits(0, "export", "films", "f.csv");
    assertThat(Files.readString(folder.resolve("f.csv"))).startsWith("id,rev,n,t,l,é\n");
    for (String file : new String[] {"f.json", "f.ndjson", "f.csv"}) {
      String bucket = "of-" + file.substring(2);
      exits(0, "import", bucket, file, "--types");
      assertThat(exits(0, "get", bucket, "a").out())
          .contains("\"n\":1.50,", "\\nz\"", "\"l\":[1,2]");
      exits(ExitCodes.CONFLICT, "import", bucket, file);
    }
    exits(0, "import", "texts", "f.csv");
    assertThat(exits(0, "get", "texts", "a").out()).contains("\"n\":\"1.50\"");
    assertThat(exits(0, "export", "films", "--columns", "n,id", "--format", "csv").out())
        .isEqualTo("n,id\n1.50,a\n,b\n");
  }

  @Test
  void badLineEndsAnImportAndWhatStoodBeforeIsIn() throws IOException {
    commands.typing("{\"id\":\"a\"}\n{\"id\":\n{\"id\":\"c\"}\n");
    assertThat(exits(ExitCodes.REFUSED, "import", "films").err())
        .contains("line 2", "1 documents before it are in");
    assertThat(exits(0, "ls", "films").out().lines()).hasSize(2);
    Files.writeString(folder.resolve("f.json"), "[{\"id\":\"d\"},\n7]");
    assertThat(exits(ExitCodes.REFUSED, "import", "films", "f.json").err()).contains("line 2");
    assertThat(exits(0, "ls", "films").out().lines()).hasSize(3);
    Files.writeString(folder.resolve("f.csv"), "id,a\ne,1\nf,2,3\n");
    assertThat(exits(ExitCodes.REFUSED, "import", "films", "f.csv").err()).contains("line 3");
  }

  @Test
  void folderWithoutADatabaseIsNamed() {
    assertThat(commands.exits(ExitCodes.NOT_FOUND, "ls", "films", "--data", "none").err())
        .contains("there is no database in", "none");
  }

  @Test
  void shellKeepsTheFolderOpen() {
    commands.typing("put films a {\n\"x\":\n1}\nget films a\nls films;");
    assertThat(exits(0, "shell").out()).contains("created films/a", "\"x\":1}", "ID  REV");
  }
}
