package io.millrace.view.script;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs functions, with the counters of what the function now running has used.
 *
 * <p>The counters belong to the thread itself; {@link LimitInstrument} moves them.
 */
final class ScriptThread extends Thread {
  /**
   * Deep enough for the most nested calls allowed through the most greedy of the built-in
   * functions, so that the limit of calls is met before the stack ends: where a stack ends is not
   * determined.
   */
  private static final long STACK_BYTES_PER_CALL = 48 << 10;

  /** So many statements pass between two looks at the memory. */
  private static final int STATEMENTS_PER_LOOK = 32;

  private final ThreadMXBean measures = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final ScriptLimits limits;
  private long statements;
  private int calls;
  private long allocatedBefore;

  ScriptThread(String name, ScriptLimits limits, Runnable work) {
    super(null, work, name, (4L << 20) + limits.calls() * STACK_BYTES_PER_CALL);
    this.limits = limits;
    setDaemon(true);
  }

  /** Begins to count anew. */
  void resetCounters() {
    statements = 0;
    calls = 0;
    allocatedBefore = allocated();
  }

  /** Counts a statement; says what is exceeded, or null when nothing is. */
  @Nullable String countStatement() {
    if (++statements > limits.statements()) {
      return limits.statementsExceeded();
    }
    boolean looks = statements % STATEMENTS_PER_LOOK == 0;
    return looks && allocated() - allocatedBefore > limits.memoryBytes()
        ? limits.memoryExceeded()
        : null;
  }

  /** Counts a call; says what is exceeded, or null when nothing is. */
  @Nullable String enterCall() {
    return ++calls > limits.calls() ? limits.callsExceeded() : null;
  }

  void leaveCall() {
    calls--;
  }

  /** What this thread has allocated since it was started, in bytes. */
  long allocated() {
    return measures.getThreadAllocatedBytes(getId());
  }
}
