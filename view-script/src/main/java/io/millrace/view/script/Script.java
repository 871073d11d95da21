package io.millrace.view.script;

import java.util.List;

/**
 * A function of a definition, and how it is run.
 *
 * @param harness what calls it
 * @param text one JavaScript expression whose value is the function
 * @param options what the harness is told: numbers, strings, true and false
 */
public record Script(ScriptHarness harness, String text, List<Object> options) {
  /** Makes an unchangeable script. */
  public Script {
    options = List.copyOf(options);
  }
}
