package io.millrace.rest;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everything that would go on for ever: live feeds and long polls. All of it ends when the server
 * begins to stop, so that nothing keeps it from stopping. Safe for use by many threads.
 */
@Singleton
final class LiveFeeds {
  private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /** Remembers what to call when the server stops; calls it at once when it stops already. */
  void add(Runnable end) {
    open.add(end);
    if (stopping) {
      end.run();
    }
  }

  /** Forgets what {@link #add} was given. */
  void remove(Runnable end) {
    open.remove(end);
  }

  void stopping(@Observes ShutdownDelayInitiatedEvent event) {
    endAll();
  }

  void stop(@Observes ShutdownEvent event) {
    endAll();
  }

  private void endAll() {
    stopping = true;
    open.forEach(Runnable::run);
  }
}
