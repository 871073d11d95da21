package io.millrace.cli.console;

import java.util.Map;

/**
 * What the process knows of who watches it.
 *
 * @param input whether somebody types
 * @param output whether somebody reads results as they come
 * @param errors whether somebody watches messages, so that a line may be written over
 * @param columns the width of what results are read on; 0 when there is no limit
 * @param colours whether results may be coloured
 */
public record Screen(boolean input, boolean output, boolean errors, int columns, boolean colours) {
  private static final String BOLD = "\033[1m";
  private static final String PLAIN = "\033[0m";

  /** Nobody watches. */
  public static final Screen NONE = new Screen(false, false, false, 0, false);

  /**
   * Decides about colours: on a terminal that has them, unless <a
   * href="https://no-color.org">{@code NO_COLOR}</a> is set.
   */
  public static Screen of(
      boolean input, boolean output, boolean errors, int columns, Map<String, String> environment) {
    boolean colours =
        output
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Screen(input, output, errors, output ? columns : 0, colours);
  }

  /** {@code text} in bold letters where there are any. */
  public String bold(String text) {
    return colours ? BOLD + text + PLAIN : text;
  }
}
