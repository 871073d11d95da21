package io.millrace.distribution;

import io.millrace.engine.plugin.Plugins;
import io.millrace.rest.RestSettings;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;

/** Makes what the beans of this server need from its configuration. */
@Singleton
final class Wiring {
  /** Before every other observer, so that nothing starts with settings that are wrong. */
  private static final int FIRST = 1;

  /** Set by the launcher: the folder that the server was unpacked to. */
  static final String HOME_VARIABLE = "MILLRACE_HOME";

  /** Refuses wrong settings before the port is opened. */
  void check(@Observes @Priority(FIRST) StartupEvent event, Instance<ServerSettings> settings) {
    settings.get();
  }

  @Produces
  @Singleton
  static SettingCatalogue modules(SmallRyeConfig config) {
    Path plugins =
        config
            .getOptionalValue(ServerSettings.PREFIX + ServerSettings.PLUGINS.key(), String.class)
            .map(Path::of)
            .orElseGet(Wiring::usualPlugins);
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    return SettingCatalogue.find(
        own, Plugins.in(plugins, ServerSettings.PREFIX + ServerSettings.PLUGINS.key()));
  }

  private static Path usualPlugins() {
    String home = System.getenv(HOME_VARIABLE);
    Path usual = Path.of(ServerSettings.PLUGINS.defaultText());
    return home == null ? usual : Path.of(home).resolve(usual);
  }

  @Produces
  @Singleton
  static ServerSettings settings(SmallRyeConfig config, SettingCatalogue catalogue) {
    return new SettingsReader(
            catalogue, RawConfiguration.of(config, System.getenv()), HostName::find)
        .read();
  }

  /** The clock of the real world, for everything in this process. */
  @Produces
  @Singleton
  static Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  static RestSettings rest(ServerSettings settings) {
    return settings.rest();
  }
}
