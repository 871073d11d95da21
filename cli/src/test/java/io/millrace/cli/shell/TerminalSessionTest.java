package io.millrace.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Lines;
import io.millrace.cli.command.Client;
import io.millrace.cli.command.CommandTree;
import io.millrace.cli.command.Connector;
import io.millrace.cli.console.Screen;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.console.UsageRefusal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jline.reader.Candidate;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A shell at a terminal that has neither a screen nor a keyboard. */
final class TerminalSessionTest {
  @TempDir Path folder;

  /** Knows two buckets with two documents each, and says what it was asked. */
  private static final class Films implements Endpoint {
    private final List<Call> calls = new ArrayList<>();

    @Override
    public String name() {
      return "films";
    }

    @Override
    public Answer send(Call call) {
      calls.add(call);
      return new Answer(201, "{\"id\":\"heat\",\"rev\":\"1-a\",\"seq\":1}");
    }

    @Override
    public Lines lines(Call call) {
      calls.add(call);
      boolean buckets = call.path().get(0).equals("_system");
      Iterator<String> lines =
          (buckets
                  ? List.of("{\"name\":\"films\"}", "{\"name\":\"people\"}")
                  : List.of("{\"id\":\"alien\"}", "{\"id\":\"heat\"}"))
              .iterator();
      return new Lines() {
        @Override
        public @Nullable String next() {
          return lines.hasNext() ? lines.next() : null;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }

  private final Films films = new Films();

  private Surroundings surroundings() {
    return new Surroundings(
        InputStream.nullInputStream(),
        new PrintWriter(new StringWriter()),
        new PrintWriter(new StringWriter()),
        new Screen(true, true, true, 80, true),
        Map.of("MILLRACE_HISTORY", "history"),
        folder,
        Clock.systemUTC(),
        new SplittableRandom(1));
  }

  private static CommandLine commands(Surroundings surroundings, Connector connector) {
    CommandLine root = new CommandLine(CommandLine.Model.CommandSpec.create().name("millrace"));
    CommandTree.of(new Client(surroundings, connector))
        .forEach((name, command) -> root.addSubcommand(name, command.get()));
    return root.setOut(surroundings.out())
        .setErr(surroundings.err())
        .setParameterExceptionHandler(new UsageRefusal());
  }

  private String type(String text) throws IOException {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    SharedConnection connection = new SharedConnection(options -> films, films);
    try (Terminal terminal =
        TerminalBuilder.builder()
            .system(false)
            .provider("exec")
            .type(Terminal.TYPE_DUMB)
            .streams(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), shown)
            .build()) {
      new TerminalSession(connection, surroundings(), TerminalSessionTest::commands).run(terminal);
    }
    return shown.toString(StandardCharsets.UTF_8);
  }

  @Test
  void commandsRunUntilTheEndAndAreRemembered() throws IOException {
    String shown = type("put films heat {\"a\":\n1}\nbuckets\nexit\n");
    assertThat(shown).contains("created films/heat, revision 1-a", "people");
    assertThat(shown).doesNotContain("\033[1m");
    assertThat(new String(films.calls.get(0).body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":\n1}");
    assertThat(Files.readString(folder.resolve("history"))).contains("buckets");
    assertThat(Files.getPosixFilePermissions(folder.resolve("history"))).hasSize(2);
  }

  @Test
  void endOfTheInputEndsIt() throws IOException {
    assertThat(type("buckets\n")).contains("people");
  }

  private List<String> complete(String line) throws IOException {
    ShellCompleter completer =
        new ShellCompleter(() -> commands(surroundings(), options -> films), () -> films);
    List<Candidate> candidates = new ArrayList<>();
    completer.complete(
        new LineReaderImpl(dumb()),
        new DefaultParser().parse(line, line.length(), DefaultParser.ParseContext.COMPLETE),
        candidates);
    return candidates.stream().map(Candidate::value).toList();
  }

  private static Terminal dumb() throws IOException {
    return new DumbTerminal(InputStream.nullInputStream(), new ByteArrayOutputStream());
  }

  @Test
  void wordsAreCompletedByTheirPlace() throws IOException {
    assertThat(complete("")).contains("get", "rollback", "listhistory");
    assertThat(complete("get ")).containsExactly("films", "people");
    assertThat(complete("get films ")).containsExactly("alien", "heat");
    assertThat(complete("get films --")).contains("--rev", "--at", "--server");
    assertThat(complete("get --rev 1-a films a")).containsExactly("alien", "heat");
    assertThat(films.calls.get(films.calls.size() - 1).parameters())
        .containsEntry("prefix", "a")
        .containsEntry("limit", "50");
    assertThat(complete("get films[")).containsExactly("films[alien];", "films[heat];");
    assertThat(complete("list ")).containsExactly("films;", "people;");
  }
}
