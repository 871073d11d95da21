package io.millrace.view.js;

import io.millrace.api.error.InternalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.jspecify.annotations.Nullable;

/**
 * One JavaScript context in which map functions can compute and do nothing else, with the functions
 * compiled in it.
 *
 * <p>Everything that code in it can reach is frozen, so functions of different views can share it.
 * Used by one thread at a time; {@link #kill} may be called by any. Whatever a method throws as
 * {@link org.graalvm.polyglot.PolyglotException} may leave the context unusable: throw it away.
 */
final class Sandbox implements AutoCloseable {
  /** How many compiled functions are kept. */
  private static final int MOST_COMPILED = 64;

  private static final Source PRELUDE = prelude();

  private final JsLimits limits;
  private final Context context;
  private final Value prepare;
  private final Map<String, Value> compiled =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Value> eldest) {
          return size() > MOST_COMPILED;
        }
      };

  Sandbox(Engine engine, JsLimits limits) {
    this.limits = limits;
    this.context = context(engine, limits);
    this.prepare = context.eval(PRELUDE);
  }

  /** An engine for sandboxes; closing it closes them. */
  static Engine engine() {
    Engine engine = Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
    engine.getInstruments().get(LimitInstrument.ID).lookup(LimitInstrument.class);
    return engine;
  }

  private static Context context(Engine engine, JsLimits limits) {
    return Context.newBuilder("js")
        .engine(engine)
        .allowAllAccess(false)
        .allowHostAccess(HostAccess.NONE)
        .allowPolyglotAccess(PolyglotAccess.NONE)
        .allowIO(IOAccess.NONE)
        .allowEnvironmentAccess(EnvironmentAccess.NONE)
        .allowCreateProcess(false)
        .allowCreateThread(false)
        .allowNativeAccess(false)
        .allowExperimentalOptions(true)
        .option("js.annex-b", "false")
        .option("js.atomics", "false")
        // Arithmetic on large ones cannot be interrupted.
        .option("js.bigint", "false")
        .option("js.console", "false")
        .option("js.disable-eval", "true")
        .option("js.graal-builtin", "false")
        .option("js.intl-402", "false")
        .option("js.java-package-globals", "false")
        .option("js.load", "false")
        .option("js.max-apply-argument-length", "65535")
        .option("js.performance", "false")
        .option("js.polyglot-builtin", "false")
        .option("js.print", "false")
        .option("js.regexp-static-result", "false")
        .option("js.shared-array-buffer", "false")
        .option("js.strict", "true")
        .option("js.string-length-limit", Integer.toString(limits.stringChars()))
        .option("js.timezone", "UTC")
        .build();
  }

  private static Source prelude() {
    try (InputStream file = Sandbox.class.getResourceAsStream("prelude.js")) {
      if (file == null) {
        throw new InternalException("incomplete-module", "prelude.js is missing from the module");
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return Source.newBuilder("js", text, LimitInstrument.PRELUDE_SOURCE).buildLiteral();
    } catch (IOException e) {
      throw new InternalException("incomplete-module", "prelude.js cannot be read", e);
    }
  }

  /**
   * Maps documents.
   *
   * @param documents a JSON array
   * @return their rows as {@link MapOutput} reads them; null when they are too long together
   */
  @Nullable String map(MapSource source, String documents) {
    Value function = compiled.get(source.text());
    if (function == null) {
      function =
          prepare.execute(evaluate(source), source.emits(), limits.outputChars(), limits.rows());
      compiled.put(source.text(), function);
    }
    Value rows = function.execute(documents);
    return rows.isNull() ? null : rows.asString();
  }

  /**
   * Checks that the source is one expression.
   *
   * @throws org.graalvm.polyglot.PolyglotException a syntax error, its line one too high
   */
  void parse(MapSource source) {
    // Text that closes one kind of bracket early is malformed behind the other.
    context.parse(source("(\n" + source.text() + "\n)"));
    context.parse(source("[\n" + source.text() + "\n]"));
  }

  /** Whether the source, evaluated, is a function. */
  boolean isFunction(MapSource source) {
    return evaluate(source).execute().canExecute();
  }

  private Value evaluate(MapSource source) {
    return context.eval(source("(function(emit) { return (\n" + source.text() + "\n); })"));
  }

  private static Source source(String text) {
    return Source.newBuilder("js", text, LimitInstrument.COUNTED_SOURCE).buildLiteral();
  }

  /** Ends whatever runs in the context, which cannot be used afterwards. Waits for the end. */
  void kill() {
    context.close(true);
  }

  @Override
  public void close() {
    context.close(true);
  }
}
