package io.millrace.distribution;

import io.millrace.api.error.MillraceException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The process: HTTP answers from the moment that {@link #run} is called, the database follows when
 * it is open, and a signal ends both.
 *
 * <p>A server that cannot start for a reason that an operator can do something about says so in one
 * paragraph on the standard error stream and exits with code 1; anything else is a defect and shows
 * its stack trace.
 */
@QuarkusMain
public final class Server implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(Server.class);

  private final OpenDatabase database;

  Server(OpenDatabase database) {
    this.database = database;
  }

  /** The entry of the process. */
  public static void main(String... arguments) {
    Quarkus.run(Server.class, Server::exit, arguments);
  }

  @Override
  public int run(String... arguments) {
    database.open();
    Quarkus.waitForExit();
    return 0;
  }

  private static void exit(int code, @Nullable Throwable failure) {
    if (failure != null) {
      explain(failure);
    }
    System.exit(code);
  }

  private static void explain(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MillraceException refused) {
        LOG.debug("Start refused", failure);
        System.err.println(paragraph(refused));
        return;
      }
      if (cause instanceof QuarkusBindException taken) {
        System.err.println(
            "Millrace cannot start: port "
                + taken.getPort()
                + " is in use by another process; choose another with quarkus.http.port");
        return;
      }
    }
    LOG.error("Millrace cannot start", failure);
  }

  private static String paragraph(MillraceException refused) {
    StringBuilder text = new StringBuilder("Millrace cannot start: ");
    text.append(refused.getMessage());
    for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && text.indexOf(message) < 0) {
        text.append(" (").append(message).append(')');
      }
    }
    return text.append(" [").append(refused.code()).append(']').toString();
  }
}
