package io.millrace.distribution;

import io.millrace.api.Database;
import io.millrace.api.error.UnavailableException;
import io.millrace.rest.DatabaseAccess;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one database of the process, from its opening to its closing.
 *
 * <p>{@link #open} is called once and blocks while the database recovers; meanwhile every other
 * method answers at once. The database is closed after the last request in flight.
 */
@Singleton
final class OpenDatabase implements DatabaseAccess {
  /** Where the database stands. */
  enum State {
    OPENING,
    OPEN,
    STOPPING
  }

  private static final Logger LOG = Logger.getLogger(OpenDatabase.class);

  private final DatabaseOpener opener;
  private @Nullable Database opened;
  private volatile @Nullable Database database;
  private volatile State state = State.OPENING;

  OpenDatabase(DatabaseOpener opener) {
    this.opener = opener;
  }

  /** Opens the database, or throws what keeps it from opening. */
  void open() {
    long begin = System.nanoTime();
    Database made = opener.open();
    synchronized (this) {
      opened = made;
      if (state == State.STOPPING) {
        // The signal came while the database was recovering, so nobody else will close it.
        closeOnce();
        return;
      }
      database = made;
      state = State.OPEN;
    }
    LOG.infof(
        "Database %s is open at sequence %d after %d ms",
        made.uuid(), made.since().value(), Duration.ofNanos(System.nanoTime() - begin).toMillis());
  }

  @Override
  public Database database() {
    Database now = database;
    if (now == null) {
      throw state == State.STOPPING
          ? new UnavailableException("stopping", "the server is about to end")
          : new UnavailableException("starting", "the database is being opened; try again soon");
    }
    return now;
  }

  /** The database if it is open. */
  Optional<Database> ifOpen() {
    return Optional.ofNullable(database);
  }

  State state() {
    return state;
  }

  /** Requests in flight may still use the database; only readiness changes. */
  void stopping(@Observes ShutdownDelayInitiatedEvent event) {
    state = State.STOPPING;
    LOG.info("The server is stopping; requests in flight are answered first");
  }

  void stop(@Observes ShutdownEvent event) {
    synchronized (this) {
      state = State.STOPPING;
      database = null;
      closeOnce();
    }
  }

  private void closeOnce() {
    Database closing = opened;
    opened = null;
    if (closing != null) {
      closing.close();
      LOG.info("Database is closed");
    }
  }
}
