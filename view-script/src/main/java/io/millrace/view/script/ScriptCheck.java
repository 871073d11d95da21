package io.millrace.view.script;

import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.InvalidDefinitionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.jspecify.annotations.Nullable;

/** Finds out whether a text is a function, on a thread of the pool. */
final class ScriptCheck {
  private static final Pattern PLACE = Pattern.compile("(?s)^SyntaxError: \\S+:\\d+:\\d+ ");

  private final ScriptPool pool;
  private final Script script;

  ScriptCheck(ScriptPool pool, Script script) {
    this.pool = pool;
    this.script = script;
  }

  void require(String member) {
    Outcome<String> outcome = await();
    String reason =
        outcome instanceof Outcome.Exceeded<String> exceeded
            ? "evaluating it failed: " + exceeded.reason()
            : ((Outcome.Done<String>) outcome).value();
    if (!reason.isEmpty()) {
      throw new InvalidDefinitionException("member '" + member + "' is not accepted: " + reason);
    }
  }

  private Outcome<String> await() {
    try {
      return pool.submit(this::fault).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", "checking a definition was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MillraceException ours) {
        throw ours;
      }
      throw new InternalException(
          "check-failed", "a definition could not be checked", e.getCause());
    }
  }

  /** What is wrong with the text; empty when nothing is. */
  private String fault(Sandbox sandbox) {
    try {
      sandbox.parse(script);
      return sandbox.isFunction(script) ? "" : "it is not a function but another value";
    } catch (PolyglotException e) {
      if (e.isCancelled() || e.isResourceExhausted() || e.isInternalError()) {
        throw e;
      }
      // The lines that follow show the wrapper's text.
      String reason = PLACE.matcher(e.getMessage()).replaceFirst("").lines().findFirst().orElse("");
      return place(e.getSourceLocation()) + reason;
    }
  }

  private static String place(@Nullable SourceSection section) {
    if (section == null || !section.isAvailable()) {
      return "";
    }
    // The first line is the wrapper's.
    return "line " + (section.getStartLine() - 1) + ", column " + section.getStartColumn() + ": ";
  }
}
