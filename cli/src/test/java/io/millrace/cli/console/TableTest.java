package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableTest {
  private final StringWriter printed = new StringWriter();

  private Table table(int columns, String... headings) {
    PrintWriter out = new PrintWriter(printed);
    Screen screen = new Screen(false, columns > 0, false, columns, false);
    return new Table(
        new Surroundings(
            InputStream.nullInputStream(),
            out,
            out,
            screen,
            Map.of(),
            Path.of(""),
            Clock.systemUTC(),
            new SplittableRandom(1)),
        headings);
  }

  @Test
  void columnsAreAsWideAsTheirCells() {
    Table table = table(0, "NAME", "#COUNT");
    table.row("a", "1");
    table.row("longer", "100,000");
    table.flush();
    assertThat(printed.toString().lines())
        .containsExactly("NAME      COUNT", "a             1", "longer  100,000");
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    Table table = table(40, "ID", "MESSAGE");
    table.row("x".repeat(25), "some words that are far too many for one line of this");
    table.row("日本語".repeat(8), "é".repeat(60));
    table.flush();
    assertThat(printed.toString().lines())
        .hasSizeGreaterThan(5)
        .allSatisfy(line -> assertThat(new AttributedString(line).columnLength()).isLessThan(41));
    assertThat(printed.toString().replaceAll("[^x]", "")).hasSize(25);
    assertThat(printed.toString().replaceAll("[^é]", "")).hasSize(60);
  }

  private List<String> log(int columns) {
    Table table = table(columns, "#SEQ", "@TIME", "?AUTHOR", "?KIND", "?#CHANGES", "MESSAGE");
    table.row("1", "2026-05-01T12:34:56.789Z", "ann", "write", "1", "the first one");
    table.row("2", "2026-05-01T12:34:57Z", "bob", "rollback to 1", "100,000", "so many words here");
    table.flush();
    return printed.toString().lines().toList();
  }

  @Test
  void nothingIsShortenedWhereThereIsRoom() {
    assertThat(log(120))
        .containsExactly(
            "SEQ  TIME                      AUTHOR  KIND           CHANGES  MESSAGE",
            "  1  2026-05-01T12:34:56.789Z  ann     write                1  the first one",
            "  2  2026-05-01T12:34:57Z      bob     rollback to 1  100,000  so many words here");
  }

  @Test
  void timesAreShortenedFirst() {
    assertThat(log(80))
        .containsExactly(
            "SEQ  TIME                 AUTHOR  KIND           CHANGES  MESSAGE",
            "  1  2026-05-01 12:34:56  ann     write                1  the first one",
            "  2  2026-05-01 12:34:57  bob     rollback to 1  100,000  so many words here");
  }

  @Test
  void columnsOfLessInterestAreLeftOutOfNarrowTables() {
    assertThat(log(60))
        .containsExactly(
            "SEQ  TIME              AUTHOR  KIND           MESSAGE",
            "  1  2026-05-01 12:34  ann     write          the first one",
            "  2  2026-05-01 12:34  bob     rollback to 1  so many words",
            "                                              here");
  }

  @Test
  void fortyColumnsAreEnough() {
    assertThat(log(40))
        .containsExactly(
            "SEQ  TIME        AUTHOR  MESSAGE",
            "  1  2026-05-01  ann     the first one",
            "  2  2026-05-01  bob     so many words",
            "                         here");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 60, 80, 120})
  void revisionsAndTimesAreNeverBroken(int columns) {
    Table table = table(columns, "#SEQ", "*REV", "@TIME", "?AUTHOR", "?KIND", "MESSAGE");
    String revision = "12-" + "0123456789abcdef".repeat(2);
    table.row(
        "1234",
        revision,
        "2026-05-01T12:34:56.789Z",
        "a.long@example.org",
        "write",
        "word ".repeat(20));
    table.row("1235", revision, "2026-05-01T12:34:56.789Z", "a.long@example.org", "write", "");
    table.flush();
    List<String> lines = printed.toString().lines().toList();
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns))
        .filteredOn(line -> line.contains("12-01") && line.contains("2026-05-01"))
        .hasSize(2);
    assertThat(lines).filteredOn(line -> line.startsWith("123")).hasSize(2);
  }

  @Test
  void withoutATerminalNothingIsBroken() {
    Table table = table(0, "ID");
    table.row("x ".repeat(500) + "y");
    table.flush();
    assertThat(printed.toString().lines()).hasSize(2);
  }

  @Test
  void controlCharactersAreShownAsEscapes() {
    Table table = table(0, "ID");
    table.row("a\033[31mb\nc\u009b");
    table.flush();
    assertThat(printed.toString()).contains("a\\u001b[31mb\\nc\\u009b").doesNotContain("\033");
  }

  @Test
  void laterRowsArePrintedAsTheyCome() {
    Table table = table(0, "ID");
    for (int i = 0; i < 2_000; i++) {
      table.row("id" + i);
    }
    assertThat(printed.toString().lines()).hasSize(2_001);
  }
}
