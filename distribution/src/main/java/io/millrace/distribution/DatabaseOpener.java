package io.millrace.distribution;

import io.millrace.api.Database;
import io.millrace.engine.Millrace;
import io.millrace.engine.MillraceBuilder;
import io.millrace.spi.Meters;
import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import org.jboss.logging.Logger;

/** Opens the database as the settings say, with the clock and the randomness of the real world. */
@Singleton
final class DatabaseOpener {
  private static final Logger LOG = Logger.getLogger(DatabaseOpener.class);

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
    show(catalogue.logs(), Set.of(settings.logType()));
    show(catalogue.stores(), Set.of(settings.storeType()));
    show(catalogue.views(), settings.viewSettings().keySet());
    show(catalogue.folds(), Set.of());
    String transport = settings.transportType();
    show(catalogue.transports(), transport == null ? Set.of() : Set.of(transport));
    MillraceBuilder builder =
        Millrace.in(settings.data())
            .log(settings.logType(), settings.logSettings())
            .store(settings.storeType(), settings.storeSettings())
            .clock(clock)
            .random(new SecureRandom())
            .meters(meters)
            .modules(catalogue.logs(), catalogue.stores(), catalogue.views())
            .folds(catalogue.folds())
            .node(settings.node())
            .autoCreateBuckets(settings.autoCreateBuckets())
            .maxBodyBytes(settings.maxBodyBytes())
            .treeDepth(settings.treeDepth())
            .compactionRate(settings.compactionRate())
            .compactionInterval(settings.compactionInterval())
            .acceptLoss(settings.acceptLoss());
    settings.viewSettings().forEach(builder::viewSettings);
    if (transport != null) {
      builder.transports(catalogue.transports()).transport(transport, settings.transportSettings());
    }
    return builder.open();
  }

  private static void show(Modules<?> modules, Set<String> chosen) {
    for (Modules.Found<?> module : modules.found()) {
      Provider provider = module.provider();
      LOG.infof(
          "Module: %s %s, version %s, format %d, %s%s",
          modules.kind(),
          provider.name(),
          provider.version(),
          provider.formatVersion(),
          module.origin(),
          chosen.contains(provider.name()) ? ", chosen" : "");
    }
  }
}
