package io.millrace.view.script;

import io.millrace.api.error.InternalException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.jspecify.annotations.Nullable;

/**
 * One JavaScript context in which functions can compute and do nothing else, with the functions
 * compiled in it.
 *
 * <p>Everything that code in it can reach is frozen, so functions of different views can share it.
 * Given to the work of a {@link ScriptPool}, for the time of the work and its thread alone.
 */
public final class Sandbox {
  /** How many compiled functions are kept. */
  private static final int MOST_COMPILED = 64;

  private static final Source PRELUDE =
      Source.newBuilder(
              "js", ScriptHarness.text(Sandbox.class, "prelude.js"), LimitInstrument.TRUSTED_SOURCE)
          .buildLiteral();

  private final Context context;
  private final Value tools;
  private final Map<Script, Value> compiled =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Script, Value> eldest) {
          return size() > MOST_COMPILED;
        }
      };

  Sandbox(Engine engine, ScriptLimits limits) {
    this.context = context(engine, limits);
    this.tools = context.eval(PRELUDE);
  }

  /** An engine for sandboxes; closing it closes them. */
  static Engine engine() {
    Engine engine = Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
    engine.getInstruments().get(LimitInstrument.ID).lookup(LimitInstrument.class);
    return engine;
  }

  private static Context context(Engine engine, ScriptLimits limits) {
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

  /**
   * Runs a function by its harness. Whatever this throws ends the work, and must not be caught by
   * it: the sandbox may have become unusable.
   *
   * @return what the harness returned
   */
  public @Nullable String run(Script script, String... inputs) {
    Value function = compiled.get(script);
    if (function == null) {
      function = compile(script);
      compiled.put(script, function);
    }
    Value result = function.execute((Object[]) inputs);
    return result.isNull() ? null : result.asString();
  }

  private Value compile(Script script) {
    Value harness = harness(script.harness());
    Object[] arguments = new Object[2 + script.options().size()];
    arguments[0] = tools;
    arguments[1] = evaluate(script);
    for (int i = 0; i < script.options().size(); i++) {
      arguments[2 + i] = script.options().get(i);
    }
    return harness.execute(arguments);
  }

  private Value harness(ScriptHarness harness) {
    try {
      return context.eval(
          Source.newBuilder("js", harness.text(), LimitInstrument.TRUSTED_SOURCE).buildLiteral());
    } catch (PolyglotException e) {
      if (e.isSyntaxError()) {
        throw new InternalException("broken-module", "a harness does not compile", e);
      }
      throw e;
    }
  }

  /**
   * Checks that the text is one expression.
   *
   * @throws org.graalvm.polyglot.PolyglotException a syntax error, its line one too high
   */
  void parse(Script script) {
    // Text that closes one kind of bracket early is malformed behind the other.
    context.parse(source("(\n" + script.text() + "\n)"));
    context.parse(source("[\n" + script.text() + "\n]"));
  }

  /** Whether the text, evaluated, is a function. */
  boolean isFunction(Script script) {
    return evaluate(script).execute().canExecute();
  }

  private Value evaluate(Script script) {
    String parameters = String.join(", ", script.harness().parameters());
    return context.eval(
        source("(function(" + parameters + ") { return (\n" + script.text() + "\n); })"));
  }

  private static Source source(String text) {
    return Source.newBuilder("js", text, LimitInstrument.COUNTED_SOURCE).buildLiteral();
  }

  /** Ends whatever runs in the context, which cannot be used afterwards. Waits for the end. */
  void end() {
    context.close(true);
  }
}
