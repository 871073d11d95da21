package io.millrace.distribution;

import io.millrace.api.Database;
import io.millrace.engine.Millrace;
import io.millrace.engine.MillraceBuilder;
import io.millrace.spi.Meters;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;

/** Opens the database as the settings say, with the clock and the randomness of the real world. */
@Singleton
final class DatabaseOpener {
  private final ServerSettings settings;
  private final SettingCatalogue catalogue;
  private final Clock clock;
  private final Meters meters;

  DatabaseOpener(ServerSettings settings, SettingCatalogue catalogue, Clock clock, Meters meters) {
    this.settings = settings;
    this.catalogue = catalogue;
    this.clock = clock;
    this.meters = meters;
  }

  /** Opens it, which takes as long as its recovery. */
  Database open() {
    MillraceBuilder builder =
        Millrace.in(settings.data())
            .log(settings.logType(), settings.logSettings())
            .store(settings.storeType(), settings.storeSettings())
            .clock(clock)
            .random(new SecureRandom())
            .meters(meters)
            .classLoader(catalogue.loader())
            .node(settings.node())
            .autoCreateBuckets(settings.autoCreateBuckets())
            .maxBodyBytes(settings.maxBodyBytes())
            .treeDepth(settings.treeDepth())
            .acceptLoss(settings.acceptLoss());
    settings.viewSettings().forEach(builder::viewSettings);
    return builder.open();
  }
}
