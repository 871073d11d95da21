package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on documents of a server, which is pretended here. */
final class ServedCommandsTest {
  private static final String HEAT =
      "{\"id\":\"heat\",\"rev\":\"2-b\",\"year\":1995,\"score\":1.50E+1,\"\\u00e9\":\"\\u00e9\"}";

  @TempDir Path folder;
  private FakeServer server;
  private Commands commands;

  @BeforeEach
  void listen() throws IOException {
    server = new FakeServer();
    commands = new Commands(folder).with("MILLRACE_SERVER", server.address());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void documentIsShownAsItCame() {
    server.on("GET /films/a%2Fb%20c", 200, HEAT);
    assertThat(commands.exits(0, "get", "films", "a/b c", "--at", "7").out())
        .isEqualToIgnoringNewLines(HEAT);
    assertThat(server.last().line()).isEqualTo("GET /films/a%2Fb%20c?at=7");
    assertThat(commands.exits(0, "get", "films", "a/b c", "--pretty").out())
        .contains("\"score\" : 1.50E+1")
        .hasLineCount(7);
    assertThat(commands.exits(0, "at", "7", "films", "a/b c").out()).contains(HEAT);
  }

  @Test
  void serverOnTheCommandLineIsStrongerThanTheEnvironment() {
    server.on("GET /films/heat", 200, HEAT);
    Commands elsewhere = new Commands(folder).with("MILLRACE_SERVER", "http://127.0.0.1:1");
    elsewhere.exits(0, "get", "--server", server.address() + "/", "films", "heat");
    elsewhere.exits(ExitCodes.REFUSED, "get", "--server", "nonsense", "films", "heat");
  }

  @Test
  void exitCodesTellWhatWentWrong() throws IOException {
    server.on("GET /films/a", 404, FakeServer.problem("document-missing", 404, "none"));
    server.on("GET /films/b", 400, FakeServer.problem("invalid-parameter", 400, "what?"));
    server.on("GET /films/c", 503, FakeServer.problem("starting", 503, "soon"));
    server.on("GET /films/d", 500, FakeServer.problem("internal", 500, "oh"));
    server.on("GET /films/e", 200, "no json");
    assertThat(commands.exits(ExitCodes.NOT_FOUND, "get", "films", "a").err())
        .isEqualToIgnoringNewLines("millrace: Title: none [document-missing]");
    commands.exits(ExitCodes.REFUSED, "get", "films", "b");
    commands.exits(ExitCodes.UNAVAILABLE, "get", "films", "c");
    commands.exits(ExitCodes.SERVER_ERROR, "get", "films", "d");
    commands.exits(ExitCodes.USAGE, "get", "films");
    assertThat(commands.exits(ExitCodes.NOT_FOUND, "get", "--json", "films", "a").out())
        .contains("\"urn:millrace:problem:document-missing\"");
    server.close();
    assertThat(commands.exits(ExitCodes.UNAVAILABLE, "get", "films", "a").err())
        .contains("no server answers at " + server.address(), "MILLRACE_SERVER", "[no-answer]");
  }

  @Test
  void conflictNamesTheRevisionThatIsThere() {
    server.on(
        "PUT /films/heat",
        409,
        "{\"type\":\"urn:millrace:problem:conflict\",\"title\":\"Conflict\",\"status\":409,"
            + "\"detail\":\"it exists\",\"current\":\"2-b\"}");
    assertThat(commands.exits(ExitCodes.CONFLICT, "put", "films", "heat", "{}").err())
        .contains("it exists", "2-b", "[conflict]");
  }

  @Test
  void writesSayWhoAndWhy() {
    server.on("PUT /films/heat", 201, "{\"id\":\"heat\",\"rev\":\"1-a\",\"seq\":4}");
    commands.with("MILLRACE_AUTHOR", "zoë");
    assertThat(commands.exits(0, "put", "films", "heat", "{\"y\":1.0}", "-m", "a\nb c").out())
        .isEqualToIgnoringNewLines("created films/heat, revision 1-a, sequence 4");
    assertThat(server.last().header("Millrace-author")).isEqualTo("zo%C3%AB");
    assertThat(server.last().header("Millrace-message")).isEqualTo("a%0Ab%20c");
    assertThat(server.last().body()).isEqualTo("{\"y\":1.0}");
    assertThat(server.last().header("If-match")).isEmpty();
    commands.exits(0, "put", "films", "heat", "{}", "--author", "ann", "--rev", "1-a");
    assertThat(server.last().header("Millrace-author")).isEqualTo("ann");
    assertThat(server.last().header("If-match")).isEqualTo("\"1-a\"");
    commands.exits(0, "put", "films", "heat", "{}", "--force", "--json");
    assertThat(server.last().header("If-match")).isEqualTo("*");
    assertThat(commands.out()).startsWith("{\"id\":\"heat\"");
  }

  @Test
  void documentComesFromAParameterAFileOrTheInput() throws IOException {
    server.on("PUT /films/heat", 200, "{\"id\":\"heat\",\"rev\":\"2-a\",\"seq\":5}");
    server.on("POST /films", 201, "[{\"id\":\"x\",\"rev\":\"1-a\",\"seq\":6}]");
    Files.writeString(folder.resolve("heat.json"), "{\"from\":\"file\"}");
    commands.exits(0, "put", "films", "heat", "@heat.json");
    assertThat(server.last().body()).isEqualTo("{\"from\":\"file\"}");
    commands.typing("{\"id\":\"heat\",\"from\":\"input\"}").exits(0, "put", "films");
    assertThat(server.last().line()).isEqualTo("PUT /films/heat");
    commands.typing("[{\"id\":\"x\"}]").exits(0, "put", "films", "-");
    assertThat(server.last().line()).isEqualTo("POST /films");
    assertThat(commands.out()).contains("wrote films/x");
    assertThat(commands.exits(ExitCodes.REFUSED, "put", "films", "heat", "{no}").err())
        .contains("the document is not JSON", "line 1, column");
  }

  @Test
  void patchIsMergedOrAListOfOperations() {
    server.on("PATCH /films/heat", 200, "{\"id\":\"heat\",\"rev\":\"2-a\",\"seq\":5}");
    commands.exits(0, "patch", "films", "heat", "{\"a\":null}");
    assertThat(server.last().header("Content-type")).isEqualTo("application/merge-patch+json");
    commands.exits(0, "patch", "films", "heat", "[]");
    assertThat(server.last().header("Content-type")).isEqualTo("application/json-patch+json");
  }

  @Test
  void deletingNeedsARevisionOrForce() {
    server.on(
        "DELETE /films/heat", 200, "{\"id\":\"heat\",\"rev\":\"3-a\",\"seq\":5,\"deleted\":true}");
    commands.exits(ExitCodes.USAGE, "del", "films", "heat");
    assertThat(commands.exits(0, "del", "films", "heat", "--rev", "2-b").out())
        .contains("deleted films/heat");
    assertThat(server.last().header("If-match")).isEqualTo("\"2-b\"");
  }

  @Test
  void listsAreTablesOrLinesAsTheyCame() {
    server.on("GET /films/_documents", 200, "{\"id\":\"alien\",\"rev\":\"1-a\"}", HEAT);
    assertThat(commands.exits(0, "ls", "films", "--prefix", "x y").out().lines())
        .containsExactly("ID     REV", "alien  1-a", "heat   2-b");
    assertThat(server.last().line())
        .isEqualTo("GET /films/_documents?prefix=x%20y&body=false&limit=101");
    assertThat(commands.exits(0, "ls", "films", "--body").out()).contains("1.50E+1", "\\u00e9");
    assertThat(commands.exits(0, "ls", "films", "--json").out().lines()).contains(HEAT);
    assertThat(server.last().line()).doesNotContain("limit");
    assertThat(commands.exits(0, "ls", "films", "--limit", "1").err())
        .contains("There is more: --start='heat'");
    assertThat(commands.out().lines()).containsExactly("ID     REV", "alien  1-a");
  }

  @Test
  void headingsAreBoldWhereThereAreColours() {
    server.on("GET /_system/buckets", 200, "{\"name\":\"films\",\"documents\":1234}");
    commands.on(new Screen(false, true, false, 80, true));
    assertThat(commands.exits(0, "buckets").out()).contains("\033[1mNAME", "1,234");
    commands.on(Screen.of(false, true, false, 80, Map.of("TERM", "dumb")));
    assertThat(commands.exits(0, "buckets").out()).doesNotContain("\033");
  }

  @Test
  void historyIsReadAsTheContractSays() {
    String commit =
        "{\"seq\":9,\"first\":8,\"time\":\"2026-05-01T00:00:00Z\",\"author\":\"ann\","
            + "\"message\":\"one\\ntwo\",\"kind\":\"rollback\",\"changes\":2,\"to\":3}";
    server.on("GET /films/_log", 200, commit);
    server.on("GET /_system/log", 200, commit);
    assertThat(
            commands.exits(0, "log", "films", "-a", "ann", "--until", "2027-01-01T00:00:00Z").out())
        .contains("9  2026-05-01T00:00:00Z  ann     rollback to 3        2  one …");
    assertThat(server.last().line())
        .isEqualTo(
            "GET /films/_log?reverse=true&author=ann&until=2027-01-01T00%3A00%3A00Z&limit=51");
    assertThat(commands.exits(0, "log", "--json").out()).isEqualToIgnoringNewLines(commit);

    server.on(
        "GET /films/heat/_history",
        200,
        "{\"seq\":9,\"rev\":\"2-b\",\"parent\":\"1-a\",\"time\":\"T\",\"kind\":\"write\"}");
    assertThat(commands.exits(0, "history", "films", "heat").out()).contains("2-b");
    server.on(
        "GET /films/heat/_blame",
        200,
        "{\"id\":\"heat\",\"rev\":\"2-b\",\"members\":[{\"name\":\"year\",\"rev\":\"1-a\","
            + "\"seq\":2,\"time\":\"T\",\"author\":\"bob\"}]}");
    assertThat(commands.exits(0, "blame", "films", "heat").out()).contains("year      2  1-a");
  }

  @Test
  void differencesAreShownLineByLine() {
    server.on("GET /films/heat/_history", 200, "{\"seq\":9,\"rev\":\"2-b\",\"parent\":\"1-a\"}");
    server.on(
        "GET /films/heat/_diff",
        200,
        "[{\"op\":\"replace\",\"path\":\"/year\",\"value\":1.50},{\"op\":\"remove\",\"path\":\"/a\"}]");
    assertThat(commands.exits(0, "diff", "films", "heat").out().lines())
        .containsExactly("~ /year 1.50", "- /a");
    assertThat(server.last().line()).isEqualTo("GET /films/heat/_diff?from=1-a");
    server.on(
        "GET /films/_diff",
        200,
        "{\"id\":\"a\",\"change\":\"created\"}",
        "{\"id\":\"b\",\"change\":\"updated\",\"patch\":[{\"op\":\"add\",\"path\":\"/x\",\"value\":1}]}",
        "{\"id\":\"c\",\"change\":\"deleted\"}");
    assertThat(commands.exits(0, "diff", "films", "--from", "3", "--to", "9").out().lines())
        .containsExactly("+ a", "~ b", "    + /x 1", "- c");
  }

  @Test
  void rollbackNamesItsTarget() {
    server.on("POST /films/_rollback", 200, "{\"seq\":12,\"first\":10,\"changed\":3}");
    server.on("POST /_system/rollback", 200, "{\"seq\":12,\"first\":10,\"changed\":3}");
    assertThat(commands.exits(0, "rollback", "films", "--to", "7").out())
        .isEqualToIgnoringNewLines("rolled back films to 7: 3 changed, sequence 12");
    assertThat(server.last().body()).isEqualTo("{\"to\":7}");
    commands.exits(0, "rollback", "--all", "--to", "2026-05-01T00:00:00Z");
    assertThat(server.last().body()).isEqualTo("{\"to\":\"2026-05-01T00:00:00Z\"}");
    commands.exits(ExitCodes.USAGE, "rollback", "--to", "7");
    commands.exits(ExitCodes.USAGE, "rollback", "films", "--all", "--to", "7");
  }

  @Test
  void dryRunOfARollbackListsWhatWouldChange() {
    String summary = "{\"changed\":2,\"created\":0,\"updated\":1,\"deleted\":1}";
    server.on("POST /films/_rollback", 200, summary);
    server.on("POST /films/a/_rollback", 200, summary);
    server.on("GET /_system/activity", 200, "{\"sequence\":9}");
    server.on(
        "GET /films/_diff",
        200,
        "{\"id\":\"a\",\"change\":\"deleted\"}",
        "{\"id\":\"b\",\"change\":\"updated\"}");
    server.on("GET /films/a/_diff", 200, "[{\"op\":\"add\",\"path\":\"/x\",\"value\":1.50}]");
    assertThat(commands.exits(0, "rollback", "films", "--to", "7", "--dry-run").out().lines())
        .containsExactly("- a", "~ b", "would change 2: 0 created, 1 updated, 1 deleted");
    assertThat(server.requests().get(0).line()).endsWith("?dry_run=true");
    // Without reverse the sequence would be that of the first entry.
    assertThat(server.requests().get(1).line()).endsWith("?limit=1&reverse=true");
    assertThat(server.last().line()).isEqualTo("GET /films/_diff?from=9&to=7&body=false");
    commands.on(new Screen(false, true, false, 80, true));
    assertThat(commands.exits(0, "rollback", "films", "a", "--to", "1-a", "--dry-run").out())
        .contains("\033[32m+ /x 1.50\033[0m");
    assertThat(commands.exits(0, "rollback", "films", "--to", "7", "--dry-run", "--json").out())
        .isEqualToIgnoringNewLines(summary);
  }

  @Test
  void dryRunOfALongRollbackShowsTheFirstChanges() {
    server.on("POST /films/_rollback", 200, "{\"changed\":60}");
    server.on("GET /_system/activity", 200, "{\"sequence\":9}");
    String[] lines = new String[60];
    Arrays.fill(lines, "{\"id\":\"a\",\"change\":\"created\"}");
    server.on("GET /films/_diff", 200, lines);
    assertThat(commands.exits(0, "rollback", "films", "--to", "7", "--dry-run").out().lines())
        .hasSize(52)
        .contains("and 10 more");
  }

  @Test
  void verificationTellsTheDigestOrThePlace() {
    server.on(
        "GET /_system/log/verify",
        200,
        "{\"ok\":true,\"from\":1,\"to\":9,\"commits\":7,\"digest\":\"abc\"}");
    assertThat(commands.exits(0, "verify", "--to", "9", "--digest", "abc").out().lines())
        .containsExactly("7 commits of sequences 1 to 9: none was altered", "digest abc");
    assertThat(server.last().line()).isEqualTo("GET /_system/log/verify?to=9&digest=abc");
    server.on(
        "GET /_system/log/verify",
        200,
        "{\"ok\":false,\"from\":1,\"to\":9,\"commits\":3,\"at\":4,\"reason\":\"it is odd\"}");
    assertThat(commands.exits(ExitCodes.LOST, "verify").out())
        .contains("altered: sequence 4: it is odd");
    assertThat(commands.exits(ExitCodes.LOST, "verify", "--json").out()).contains("\"ok\":false");
  }

  @Test
  void tailShowsTheLastChangesAndThenFollows() {
    server.on(
        "GET /films/_activity",
        200,
        "{\"seq\":9,\"sequence\":9,\"id\":\"a\",\"changes\":[\"1-a\"]}");
    assertThat(commands.exits(0, "tail", "films", "--no-follow").out()).contains("films/a  1-a");
    commands.exits(0, "tail", "films", "--limit", "1");
    assertThat(server.last().line()).isEqualTo("GET /films/_activity?feed=live&since=9&limit=1");
  }

  @Test
  void endOfAFeedIsToldWithItsReason() {
    server.on("GET /films/_activity", 200, "{\"end\":\"the server stops\"}");
    assertThat(commands.exits(ExitCodes.UNAVAILABLE, "tail", "films", "--since", "1").err())
        .contains("the server stops");
  }

  @Test
  void serverWithoutReplicationSaysSo() {
    assertThat(commands.exits(ExitCodes.FAILED, "peers").err()).contains("[no-replication]");
    server.on(
        "GET /_system/peers",
        200,
        "{\"name\":\"box1\",\"zmq_uri\":\"tcp://box1:1445\",\"state\":\"connected\"}");
    assertThat(commands.exits(0, "peers").out()).contains("box1  tcp://box1:1445  connected");
  }

  @Test
  void peersAreAddedAndRemoved() {
    server.on("POST /_system/peers", 201, "{\"name\":\"two\",\"state\":\"down\"}");
    server.on("DELETE /_system/peers/two", 200, "{\"removed\":\"two\"}");
    String[] add = {
      "peers", "add", "tcp://box2:1445", "--name", "two", "--bucket", "a*", "--one-way"
    };
    assertThat(commands.exits(0, add).out()).isEqualTo("added two\n");
    assertThat(server.last().body())
        .isEqualTo(
            "{\"zmq_uri\":\"tcp://box2:1445\",\"name\":\"two\",\"buckets\":[\"a*\"],"
                + "\"one_way\":true}");
    assertThat(commands.exits(0, "peers", "remove", "two").out()).isEqualTo("removed two\n");
    assertThat(commands.exits(ExitCodes.USAGE, "peers", "add").err()).contains("URI");
  }

  @Test
  void queriesAreDefinedAskedAndListed() {
    server.on("POST /films/_query/by-year", 201, "{\"name\":\"by-year\",\"defined\":\"created\"}");
    server.on(
        "GET /films/_query/by-year", 200, "{\"id\":\"heat\",\"key\":1995.0,\"value\":\"Heat\"}");
    commands.exits(0, "query", "films", "by-year", "--define", "{\"map\":\"f\"}");
    assertThat(server.last().body()).isEqualTo("{\"map\":\"f\"}");
    assertThat(
            commands.exits(0, "query", "films", "by-year", "--term", "1995", "-p", "level=2").out())
        .contains("heat  1995.0  \"Heat\"");
    assertThat(server.last().line()).isEqualTo("GET /films/_query/by-year?term=1995&level=2");
    server.on("POST /films/_find", 200, HEAT);
    assertThat(commands.exits(0, "find", "films", "[{\"$filter\":{}}]").out()).contains(HEAT);
    assertThat(server.last().body()).isEqualTo("{\"query\":[{\"$filter\":{}}]}");
  }

  @Test
  void importTellsTheLineOfTheFile() throws IOException {
    server.on(
        "POST /films/_import",
        400,
        "{\"type\":\"urn:millrace:problem:malformed-json\",\"title\":\"Bad\",\"status\":400,"
            + "\"detail\":\"odd at line 2, column 3\",\"line\":2,\"imported\":1,\"conflicts\":0,"
            + "\"seq\":4}");
    Files.writeString(folder.resolve("f.ndjson"), "{\"id\":\"a\"}\n\n\n{\"id\":,}\n");
    assertThat(commands.exits(ExitCodes.REFUSED, "import", "films", "f.ndjson").err())
        .contains("odd at line 4, column 3", "1 documents before it are in");
  }

  @Test
  void importDropsRevisionsUnlessTheyAreToBeKept() {
    server.on(
        "POST /films/_import", 200, "{\"imported\":1,\"conflicts\":1,\"seq\":4,\"done\":true}");
    commands.typing(HEAT).exits(ExitCodes.CONFLICT, "import", "films");
    assertThat(commands.err()).contains("1 documents were left alone");
    assertThat(server.last().body()).isEqualTo(HEAT.replace("\"rev\":\"2-b\",", "") + '\n');
    commands.typing(HEAT).exits(ExitCodes.CONFLICT, "import", "films", "--keep-rev");
    assertThat(server.last().body()).isEqualTo(HEAT + '\n');
  }

  @Test
  void exportLeavesNoFileBehindWhenTheAnswerBreaksOff() {
    server.on("GET /films", 200, "{\"documents\":2}");
    server.on("GET /films/_export", 503, FakeServer.problem("starting", 503, "soon"));
    commands.exits(ExitCodes.UNAVAILABLE, "export", "films", "f.json");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void helpOfEveryCommandListsItsExitCodes() {
    for (String command :
        "get put del patch ls buckets log history diff blame at rollback verify tail query find import export peers bench info"
            .split(" ")) {
      assertThat(commands.exits(0, command, "--help").out())
          .contains("Usage: millrace " + command, "--server", "--data", "Exit codes:", "5   ");
    }
  }
}
