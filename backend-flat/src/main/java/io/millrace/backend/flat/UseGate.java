package io.millrace.backend.flat;

import io.millrace.api.error.UnavailableException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts who is inside the engine, so that nothing of it is freed under their feet: using a freed
 * native object ends the whole process.
 *
 * <p>Everyone enters before the first call and leaves after the last one. {@link #shut()} lets
 * nobody else in and returns when the last one has left. The counts are striped by thread, one
 * cache line each, so that those who enter do not contend.
 *
 * <p>Why no one slips through: {@link #enter} raises its count and then looks at the flag; {@link
 * #shut} raises the flag and then looks at the counts. Both are sequentially consistent, so at
 * least one of the two sees the other.
 *
 * <p>Safe for use by many threads.
 */
public final class UseGate {
  private static final int STRIPES = 16;
  private static final int LONGS_PER_CACHE_LINE = 8;

  private final @Nullable UseGate outer;
  private final String code;
  private final String message;
  private final AtomicLongArray users = new AtomicLongArray(STRIPES * LONGS_PER_CACHE_LINE);
  private volatile boolean shut;

  /**
   * @param outer the gate of what this gate's object lives in, entered first; null for none
   * @param code the code of the exception for those who come too late
   */
  public UseGate(@Nullable UseGate outer, String code, String message) {
    this.outer = outer;
    this.code = code;
    this.message = message;
  }

  /**
   * Goes in; to be followed by {@link #leave} on the same thread.
   *
   * @throws UnavailableException when the gate, or the one around it, is shut
   */
  public void enter() {
    if (outer != null) {
      outer.enter();
    }
    if (!enterThis()) {
      if (outer != null) {
        outer.leave();
      }
      throw new UnavailableException(code, message);
    }
  }

  /** Goes in unless the gate is shut. */
  public boolean tryEnter() {
    if (outer != null && !outer.tryEnter()) {
      return false;
    }
    if (enterThis()) {
      return true;
    }
    if (outer != null) {
      outer.leave();
    }
    return false;
  }

  /** Goes out. */
  public void leave() {
    users.getAndDecrement(stripe());
    if (outer != null) {
      outer.leave();
    }
  }

  /**
   * Keeps everyone out from now on and waits for those inside.
   *
   * @return false when it was shut before
   */
  public synchronized boolean shut() {
    if (shut) {
      return false;
    }
    shut = true;
    for (int stripe = 0; stripe < users.length(); stripe += LONGS_PER_CACHE_LINE) {
      while (users.get(stripe) != 0) {
        LockSupport.parkNanos(50_000);
      }
    }
    return true;
  }

  private boolean enterThis() {
    int stripe = stripe();
    users.getAndIncrement(stripe);
    if (shut) {
      users.getAndDecrement(stripe);
      return false;
    }
    return true;
  }

  private static int stripe() {
    return ((int) Thread.currentThread().getId() & (STRIPES - 1)) * LONGS_PER_CACHE_LINE;
  }
}
