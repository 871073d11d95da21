package io.millrace.view.script;

import io.millrace.api.error.InternalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * JavaScript of a module's own that stands between the module and the functions of its definitions:
 * it reads what the module gives, calls the function, and writes what came of it.
 *
 * <p>Its text is one expression, a function that is given
 *
 * <ol>
 *   <li>the tools: {@code parse} and {@code stringify} of JSON, {@code describe(error)} for a
 *       message with the place in the function's text, {@code isPromise(value)};
 *   <li>{@code make}, which evaluates the text of the definition anew at each call, so that nothing
 *       is carried on in closures; its arguments are what the text finds under the names of {@link
 *       #parameters()};
 *   <li>the options of the {@link Script};
 * </ol>
 *
 * <p>and returns a function of the inputs of {@link Sandbox#run} that returns a string or null. A
 * harness can be trusted: its statements are not counted. What it catches is never the exceeding of
 * a limit. Immutable.
 */
public final class ScriptHarness {
  private final String text;
  private final List<String> parameters;

  private ScriptHarness(String text, List<String> parameters) {
    this.text = text;
    this.parameters = parameters;
  }

  /**
   * Reads a harness from a file that lies beside a class.
   *
   * @param parameters what the text of a definition may name besides what all JavaScript has
   */
  public static ScriptHarness read(Class<?> beside, String file, String... parameters) {
    return new ScriptHarness(text(beside, file), List.of(parameters));
  }

  static String text(Class<?> beside, String file) {
    try (InputStream stream = beside.getResourceAsStream(file)) {
      if (stream == null) {
        throw new InternalException("incomplete-module", file + " is missing from the module");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InternalException("incomplete-module", file + " cannot be read", e);
    }
  }

  String text() {
    return text;
  }

  /** The names that the text of a definition finds. */
  List<String> parameters() {
    return parameters;
  }
}
