package io.millrace.backend.rocksdb;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The native objects of open cursors and snapshots, so that the store can free those that were
 * never closed before it frees the database under them.
 *
 * <p>Safe for use by many threads.
 */
final class NativeChildren {
  private final UseGate storeGate;
  private final Set<Runnable> releases = ConcurrentHashMap.newKeySet();

  NativeChildren(UseGate storeGate) {
    this.storeGate = storeGate;
  }

  void add(Runnable release) {
    releases.add(release);
  }

  /**
   * Calls {@code release} unless it was called before, or the store is closing and will call it.
   */
  void release(Runnable release) {
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
  void releaseAll() {
    List.copyOf(releases).forEach(Runnable::run);
    releases.clear();
  }
}
