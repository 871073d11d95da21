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
  private static final String RED = "\033[31m";
  private static final String GREEN = "\033[32m";
  private static final String YELLOW = "\033[33m";
  private static final String PLAIN = "\033[0m";

  /** Nobody watches. */
  public static final Screen NONE = new Screen(false, false, false, 0, false);

  /**
   * Decides what the terminal is asked to do: nothing where {@code TERM} says that it can only
   * print, or where <a href="https://no-color.org">{@code NO_COLOR}</a> is set.
   *
   * @param output whether results go to a terminal
   * @param errors whether messages do
   */
  public static Screen of(
      boolean input, boolean output, boolean errors, int columns, Map<String, String> environment) {
    boolean plain =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Screen(input, output, errors && !plain, output ? columns : 0, output && !plain);
  }

  /** {@code text} in bold letters where there are any. */
  public String bold(String text) {
    return shown(BOLD, text);
  }

  /** {@code text} in the colour of what came. */
  public String added(String text) {
    return shown(GREEN, text);
  }

  /** {@code text} in the colour of what went. */
  public String removed(String text) {
    return shown(RED, text);
  }

  /** {@code text} in the colour of what changed. */
  public String changed(String text) {
    return shown(YELLOW, text);
  }

  private String shown(String how, String text) {
    return colours ? how + text + PLAIN : text;
  }
}
