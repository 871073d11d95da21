package io.millrace.backend.flat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What open cursors and snapshots hold of the engine and snapshots, so that the store can free
 * those that were never closed before it frees the database under them.
 *
 * <p>Safe for use by many threads.
 */
public final class OpenChildren {
  private final UseGate storeGate;
  private final Set<Runnable> releases = ConcurrentHashMap.newKeySet();

  /**
   * @param storeGate the gate of the store, which is shut before {@link #releaseAll}
   */
  public OpenChildren(UseGate storeGate) {
    this.storeGate = storeGate;
  }

  /** Keeps {@code release} until it is called. */
  public void add(Runnable release) {
    releases.add(release);
  }

  /**
   * Calls {@code release} unless it was called before, or the store is closing and will call it.
   */
  public void release(Runnable release) {
    if (!storeGate.tryEnter()) {
      return;
    }
    try {
      if (releases.remove(release)) {
        release.run();
      }
    } finally {
      storeGate.leave();
    }
  }

  /** Calls all that are left; the store's gate is shut. */
  public void releaseAll() {
    List.copyOf(releases).forEach(Runnable::run);
    releases.clear();
  }
}
