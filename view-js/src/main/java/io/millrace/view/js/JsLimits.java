package io.millrace.view.js;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.view.script.ScriptLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * How much one document may cost. Rows and characters are counted exactly.
 *
 * @param script what the map function may use
 * @param outputChars how long the rows of a document may be
 * @param rows how many rows a document may emit
 */
record JsLimits(ScriptLimits script, long outputChars, long rows) {
  private static final Setting<Long> OUTPUT =
      Setting.size(
          "document-output",
          "The longest that the rows of one document may be, in characters of JSON.",
          "1MiB",
          1L << 10,
          64L << 20);
  private static final Setting<Long> ROWS =
      Setting.number(
          "document-rows", "The most rows that one document may emit.", 10_000, 1, 1_000_000);

  static final List<Setting<?>> SETTINGS = settings();

  private static List<Setting<?>> settings() {
    List<Setting<?>> all = new ArrayList<>(ScriptLimits.SETTINGS);
    all.add(OUTPUT);
    all.add(ROWS);
    return List.copyOf(all);
  }

  static JsLimits of(Settings settings) {
    long outputChars = settings.get(OUTPUT);
    // The text of a chunk must fit: it ends when it is longer than one document may be.
    int stringChars = (int) (2 * outputChars + (64 << 10));
    return new JsLimits(ScriptLimits.of(settings, stringChars), outputChars, settings.get(ROWS));
  }
}
