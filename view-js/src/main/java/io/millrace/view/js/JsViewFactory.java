package io.millrace.view.js;

import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.Meters;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.view.index.RowIndex;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.jspecify.annotations.Nullable;

/** The threads and sandboxes that all JavaScript views of a database share. */
final class JsViewFactory implements ViewFactory {
  private static final Pattern PLACE = Pattern.compile("(?s)^SyntaxError: \\S+:\\d+:\\d+ ");

  private final MapPool pool;

  JsViewFactory(JsLimits limits, Meters meters) {
    this.pool = new MapPool(limits, meters);
  }

  @Override
  public View open(ViewDefinition definition, ViewContext context) {
    return new JsView(pool, MapSource.of(definition), new RowIndex(context));
  }

  @Override
  public void validate(ViewDefinition definition) {
    MapSource source = MapSource.of(definition);
    Outcome<String> outcome = await(source);
    String reason =
        outcome instanceof Outcome.Exceeded<String> exceeded
            ? "evaluating it failed: " + exceeded.reason()
            : ((Outcome.Done<String>) outcome).value();
    if (!reason.isEmpty()) {
      throw new InvalidDefinitionException("member 'map' is not accepted: " + reason);
    }
  }

  private Outcome<String> await(MapSource source) {
    try {
      return pool.submit(sandbox -> check(sandbox, source)).get();
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

  /** What is wrong with the source; empty when nothing is. */
  private static String check(Sandbox sandbox, MapSource source) {
    try {
      sandbox.parse(source);
      return sandbox.isFunction(source) ? "" : "it is not a function but another value";
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

  @Override
  public void close() {
    pool.close();
  }
}
