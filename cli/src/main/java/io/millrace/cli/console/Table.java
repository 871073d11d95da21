package io.millrace.cli.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;

/**
 * Rows under headings, in columns as wide as what stands in them. Where the screen has a width, the
 * table is made to fit: times and revisions are shortened, columns that are of less interest are
 * left out, and the widest others are narrowed, so that their cells go on in the next line. Where
 * results are piped elsewhere, nothing is shortened or broken.
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
  private final List<Column> columns;
  private final List<String[]> waiting = new ArrayList<>();

  /** Of those columns that are shown; null until that is decided. */
  private @Nullable Fit fit;

  /**
   * @param headings as {@link Column} has them
   */
  public Table(Surroundings surroundings, String... headings) {
    this.out = surroundings.out();
    this.screen = surroundings.screen();
    this.columns = Arrays.stream(headings).map(Column::of).toList();
  }

  /** Adds a row, one text a column. */
  public void row(String... cells) {
    waiting.add(Arrays.stream(cells).map(Table::harmless).toArray(String[]::new));
    if (waiting.size() >= BATCH || fit != null) {
      flush();
    }
  }

  /** Prints what was added and not printed yet; headings, too, when there was no row. */
  public void flush() {
    Fit decided = fit;
    if (decided == null) {
      decided = fit();
      fit = decided;
      print(decided, columns.stream().map(Column::name).toArray(String[]::new), true);
    }
    for (String[] row : waiting) {
      print(decided, row, false);
    }
    waiting.clear();
    out.flush();
  }

  /**
   * What is shown and how.
   *
   * @param shown the numbers of columns
   * @param widths of all columns
   */
  private record Fit(List<Integer> shown, Column.Form form, int[] widths) {
    int room() {
      return shown.stream().mapToInt(column -> widths[column]).sum() + GAP * (shown.size() - 1);
    }
  }

  /** The first of ever smaller ways to show the table that leaves enough for texts. */
  private Fit fit() {
    List<Integer> shown = new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
    for (Column.Form form : Column.Form.values()) {
      Fit possible = narrowed(shown, form, form.leastText());
      if (fits(possible)) {
        return possible;
      }
    }
    for (int column = columns.size() - 1; column >= 0; column--) {
      if (columns.get(column).optional()) {
        shown.remove((Integer) column);
        // What is left may have its room back.
        for (Column.Form form : List.of(Column.Form.MINUTES, Column.Form.DAY)) {
          Fit possible = narrowed(shown, form, form.leastText());
          if (fits(possible)) {
            return possible;
          }
        }
      }
    }
    return narrowed(shown, Column.Form.DAY, NARROWEST);
  }

  private boolean fits(Fit possible) {
    return screen.columns() == 0 || possible.room() <= screen.columns();
  }

  /** The widest texts made narrower until the table fits, but none below {@code least}. */
  private Fit narrowed(List<Integer> shown, Column.Form form, int least) {
    int[] widths = new int[columns.size()];
    for (int column : shown) {
      widths[column] = width(columns.get(column).name());
      for (String[] row : waiting) {
        String cell = columns.get(column).shortened(row[column], form);
        widths[column] = Math.max(widths[column], width(cell));
      }
    }
    Fit possible = new Fit(List.copyOf(shown), form, widths);
    while (!fits(possible)) {
      int widest = -1;
      for (int column : shown) {
        if (columns.get(column).kind() == Column.Kind.TEXT
            && widths[column] > least
            && (widest < 0 || widths[column] >= widths[widest])) {
          widest = column;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
    }
    return possible;
  }

  private void print(Fit decided, String[] cells, boolean heading) {
    List<List<String>> parts = new ArrayList<>();
    int height = 1;
    for (int column : decided.shown()) {
      String cell =
          heading ? cells[column] : columns.get(column).shortened(cells[column], decided.form());
      parts.add(parts(cell, decided.widths()[column]));
      height = Math.max(height, parts.get(parts.size() - 1).size());
    }
    for (int line = 0; line < height; line++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < parts.size(); i++) {
        int column = decided.shown().get(i);
        String part = line < parts.get(i).size() ? parts.get(i).get(line) : "";
        String blanks = " ".repeat(Math.max(0, decided.widths()[column] - width(part)));
        boolean right = columns.get(column).kind() == Column.Kind.NUMBER;
        text.append(right ? blanks + part : part + blanks);
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
