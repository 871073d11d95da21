package io.millrace.distribution;

import java.util.Locale;

/**
 * What a terminal shows, as text and as a picture.
 *
 * @param cells one line after the other, as {@link org.jline.builtins.ScreenTerminal} has them: the
 *     character in the lower half; of the upper half 12 bits for the colour of the background, 12
 *     for that of the letters, then flags
 */
@SuppressWarnings("ArrayRecordComponent")
record ScreenPicture(long[] cells, int columns) {
  private static final double CHARACTER_WIDTH = 8.4;
  private static final int LINE_HEIGHT = 18;
  private static final int MARGIN = 12;
  private static final long UNDERLINED = 1L << 56;
  private static final long NEGATIVE = 1L << 57;
  private static final long BOLD = 1L << 59;
  private static final long COLOURED = 1L << 60;

  private char character(int line, int column) {
    int character = (int) cells[line * columns + column];
    return character == 0 ? ' ' : (char) character;
  }

  private String line(int line) {
    StringBuilder text = new StringBuilder();
    for (int column = 0; column < columns; column++) {
      text.append(character(line, column));
    }
    return text.toString().stripTrailing();
  }

  /** The lines, without blanks at their ends, and without empty ones at the end of all. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < cells.length / columns; line++) {
      text.append(line(line)).append('\n');
    }
    return text.toString().stripTrailing();
  }

  /** A picture in SVG. */
  String svg() {
    String[] lines = text().split("\n", -1);
    StringBuilder svg = new StringBuilder();
    int width = (int) Math.ceil(columns * CHARACTER_WIDTH) + 2 * MARGIN;
    int height = lines.length * LINE_HEIGHT + 2 * MARGIN;
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" font-family=\"monospace\" font-size=\"14\">%n",
            width,
            height,
            width,
            height));
    svg.append("<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#f6f8fa\"/>\n");
    for (int line = 0; line < lines.length; line++) {
      for (int from = 0; from < lines[line].length(); ) {
        int to = from + 1;
        while (to < lines[line].length() && look(line, to) == look(line, from)) {
          to++;
        }
        write(svg, line, from, lines[line].substring(from, to));
        from = to;
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private long look(int line, int column) {
    return cells[line * columns + column] & 0xffffffff00000000L;
  }

  /** Each piece of one look has its own place and length, so that columns stand in any font. */
  private void write(StringBuilder svg, int line, int column, String piece) {
    long look = look(line, column);
    double x = MARGIN + column * CHARACTER_WIDTH;
    double length = piece.length() * CHARACTER_WIDTH;
    boolean negative = (look & NEGATIVE) != 0;
    if (negative) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#57606a\"/>%n",
              x,
              MARGIN + line * LINE_HEIGHT,
              length,
              LINE_HEIGHT));
    }
    if (piece.isBlank()) {
      return;
    }
    String colour = negative ? "f6f8fa" : colour(look);
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" fill=\"#%s\"%s%s"
                + " xml:space=\"preserve\">%s</text>%n",
            x,
            MARGIN + line * LINE_HEIGHT + LINE_HEIGHT - 5,
            length,
            colour,
            (look & BOLD) == 0 ? "" : " font-weight=\"bold\"",
            (look & UNDERLINED) == 0 ? "" : " text-decoration=\"underline\"",
            piece.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")));
  }

  private static String colour(long look) {
    return (look & COLOURED) == 0
        ? "24292f"
        : String.format(Locale.ROOT, "%03x", look >>> 44 & 0xfff);
  }
}
