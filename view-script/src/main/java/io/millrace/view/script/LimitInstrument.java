package io.millrace.view.script;

import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.ExecutionEventNode;
import com.oracle.truffle.api.instrumentation.Instrumenter;
import com.oracle.truffle.api.instrumentation.SourceSectionFilter;
import com.oracle.truffle.api.instrumentation.StandardTags;
import com.oracle.truffle.api.instrumentation.Tag;
import com.oracle.truffle.api.instrumentation.TruffleInstrument;
import com.oracle.truffle.api.nodes.Node;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts the statements and the nested calls of functions, and ends the context of one that exceeds
 * its limits, in a way that the function cannot catch.
 *
 * <p>The limits of the engine itself know no depth of calls. Without one, a function could see
 * where the stack of its thread ends, which is not determined by its document.
 */
@TruffleInstrument.Registration(
    id = LimitInstrument.ID,
    name = "Limits of functions",
    services = LimitInstrument.class)
public final class LimitInstrument extends TruffleInstrument {
  static final String ID = "millrace-limits";

  /** The name of the sources whose statements and calls are counted. */
  static final String COUNTED_SOURCE = "script";

  /** The name of the sources whose calls are counted, but not their statements. */
  static final String TRUSTED_SOURCE = "prelude";

  LimitInstrument() {}

  @Override
  protected void onCreate(Env env) {
    env.registerService(this);
    Instrumenter instrumenter = env.getInstrumenter();
    instrumenter.attachExecutionEventFactory(
        counted(StandardTags.StatementTag.class, COUNTED_SOURCE),
        context -> new StatementCounter(env));
    instrumenter.attachExecutionEventFactory(
        counted(StandardTags.RootTag.class, COUNTED_SOURCE, TRUSTED_SOURCE),
        context -> new CallCounter(env));
  }

  private static SourceSectionFilter counted(Class<? extends Tag> tag, String... sources) {
    Set<String> names = Set.of(sources);
    return SourceSectionFilter.newBuilder()
        .tagIs(tag)
        .sourceIs(source -> names.contains(source.getName()))
        .build();
  }

  /** Ends what runs in the context at hand; does not return. */
  private static void exceed(Env env, Node place, String reason) {
    env.getEnteredContext().closeResourceExhausted(place, reason);
  }

  private static final class StatementCounter extends ExecutionEventNode {
    private final Env env;

    StatementCounter(Env env) {
      this.env = env;
    }

    @Override
    protected void onEnter(VirtualFrame frame) {
      if (Thread.currentThread() instanceof ScriptThread thread) {
        String exceeded = thread.countStatement();
        if (exceeded != null) {
          exceed(env, this, exceeded);
        }
      }
    }
  }

  private static final class CallCounter extends ExecutionEventNode {
    private final Env env;

    CallCounter(Env env) {
      this.env = env;
    }

    @Override
    protected void onEnter(VirtualFrame frame) {
      if (Thread.currentThread() instanceof ScriptThread thread) {
        String exceeded = thread.enterCall();
        if (exceeded != null) {
          exceed(env, this, exceeded);
        }
      }
    }

    @Override
    protected void onReturnValue(VirtualFrame frame, @Nullable Object result) {
      leave();
    }

    @Override
    protected void onReturnExceptional(VirtualFrame frame, Throwable exception) {
      leave();
    }

    private static void leave() {
      if (Thread.currentThread() instanceof ScriptThread thread) {
        thread.leaveCall();
      }
    }
  }
}
