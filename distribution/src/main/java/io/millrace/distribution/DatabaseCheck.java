package io.millrace.distribution;

import io.millrace.api.DatabaseInfo;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Up once the database is open and until the server is told to end.
 *
 * <p>Refused writes (a full disk) are shown but leave the check up, since reads go on being
 * answered.
 */
@Readiness
@Singleton
final class DatabaseCheck implements HealthCheck {
  private final OpenDatabase database;

  DatabaseCheck(OpenDatabase database) {
    this.database = database;
  }

  @Override
  public HealthCheckResponse call() {
    OpenDatabase.State state = database.state();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("database")
            .status(state == OpenDatabase.State.OPEN)
            .withData("state", state.name().toLowerCase(Locale.ROOT));
    database
        .ifOpen()
        .ifPresent(
            open -> {
              DatabaseInfo info = open.info();
              response.withData("sequence", info.sequence());
              String failure = info.writeFailure();
              response.withData("writes", failure == null ? "accepted" : "refused: " + failure);
            });
    return response.build();
  }
}
