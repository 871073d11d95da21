package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

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
