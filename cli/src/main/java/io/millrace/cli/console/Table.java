package io.millrace.cli.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;

/**
 * Rows under headings, in columns as wide as what stands in them. Where the screen has a width, the
 * widest columns are narrowed until the table fits, and their cells go on in the next line; where
 * results are piped elsewhere, nothing is broken.
 *
 * <p>Widths are those of a terminal, where some characters take two columns and some none. Control
 * characters are shown as escapes, so that no document can command the terminal. For one thread.
 */
public final class Table {
  /** How many rows decide on the widths; later ones are printed as they come. */
  private static final int BATCH = 500;

  private static final int GAP = 2;
  private static final int NARROWEST = 8;

  private final PrintWriter out;
  private final Screen screen;
  private final String[] headings;
  private final boolean[] numbers;
  private final List<String[]> waiting = new ArrayList<>();
  private int[] widths = {};

  /**
   * @param headings a heading that begins with {@code #} is of a column of numbers, which stand to
   *     the right
   */
  public Table(Surroundings surroundings, String... headings) {
    this.out = surroundings.out();
    this.screen = surroundings.screen();
    this.headings = new String[headings.length];
    this.numbers = new boolean[headings.length];
    for (int i = 0; i < headings.length; i++) {
      numbers[i] = headings[i].startsWith("#");
      this.headings[i] = numbers[i] ? headings[i].substring(1) : headings[i];
    }
  }

  /** Adds a row, one text a column. */
  public void row(String... cells) {
    waiting.add(Arrays.stream(cells).map(Table::harmless).toArray(String[]::new));
    if (waiting.size() >= BATCH || widths.length > 0) {
      flush();
    }
  }

  /** Prints what was added and not printed yet; headings, too, when there was no row. */
  public void flush() {
    if (widths.length == 0) {
      widths = fit();
      print(headings, true);
    }
    waiting.forEach(row -> print(row, false));
    waiting.clear();
    out.flush();
  }

  private int[] fit() {
    int[] natural =
        IntStream.range(0, headings.length)
            .map(
                column ->
                    IntStream.concat(
                            IntStream.of(width(headings[column])),
                            waiting.stream().mapToInt(row -> width(row[column])))
                        .max()
                        .orElse(0))
            .toArray();
    int room = screen.columns() - GAP * (headings.length - 1);
    while (screen.columns() > 0 && IntStream.of(natural).sum() > room) {
      int widest = 0;
      for (int i = 1; i < natural.length; i++) {
        if (natural[i] >= natural[widest]) {
          widest = i;
        }
      }
      if (natural[widest] <= NARROWEST) {
        break;
      }
      natural[widest]--;
    }
    return natural;
  }

  private void print(String[] cells, boolean heading) {
    List<List<String>> parts = new ArrayList<>();
    int height = 1;
    for (int i = 0; i < cells.length; i++) {
      parts.add(parts(cells[i], widths[i]));
      height = Math.max(height, parts.get(i).size());
    }
    for (int line = 0; line < height; line++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < cells.length; i++) {
        String part = line < parts.get(i).size() ? parts.get(i).get(line) : "";
        String blanks = " ".repeat(Math.max(0, widths[i] - width(part)));
        text.append(numbers[i] ? blanks + part : part + blanks);
        text.append(" ".repeat(GAP));
      }
      String shown = text.toString().stripTrailing();
      out.println(heading ? screen.bold(shown) : shown);
    }
  }

  private List<String> parts(String cell, int width) {
    if (screen.columns() == 0 || width(cell) <= width) {
      return List.of(cell);
    }
    List<String> parts = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : cell.split("(?<= )")) {
      if (width(line + word.stripTrailing()) > width && line.length() > 0) {
        parts.add(line.toString().stripTrailing());
        line.setLength(0);
      }
      List<AttributedString> pieces = new AttributedString(word).columnSplitLength(width);
      for (int i = 0; i < pieces.size() - 1; i++) {
        parts.add(pieces.get(i).toString());
      }
      line.append(pieces.isEmpty() ? "" : pieces.get(pieces.size() - 1).toString());
    }
    parts.add(line.toString().stripTrailing());
    return parts;
  }

  private static int width(String text) {
    return new AttributedString(text).columnLength();
  }

  /** {@code text} without anything that a terminal obeys. */
  public static String harmless(String text) {
    if (text.chars().noneMatch(Table::isControl)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (isControl(c)) {
        shown.append(c == '\n' ? "\\n" : c == '\t' ? "\\t" : String.format("\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  private static boolean isControl(int c) {
    return c < ' ' || c >= 0x7f && c < 0xa0;
  }
}
