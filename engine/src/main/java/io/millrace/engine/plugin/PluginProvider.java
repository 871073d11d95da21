package io.millrace.engine.plugin;

import io.millrace.spi.Provider;
import io.millrace.spi.Setting;
import io.millrace.spi.SpiVersion;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A provider of a plug-in: what it says of itself was asked once and checked, and it is called as
 * code of the plug-in.
 */
abstract class PluginProvider<P extends Provider> implements Provider {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

  final Plugin plugin;
  final P own;
  private final String name;
  private final int formatVersion;
  private final List<Setting<?>> settings;
  private final String version;

  PluginProvider(Plugin plugin, P own) {
    this.plugin = plugin;
    this.own = own;
    int spiVersion = plugin.call("asking " + type() + " for its SPI version", own::spiVersion);
    if (spiVersion != SpiVersion.CURRENT) {
      throw PluginException.otherSpi(
          plugin.description(),
          type() + " was built against version " + spiVersion + " of the SPI",
          null);
    }
    name = plugin.call("asking " + type() + " for its name", own::name);
    if (!NAME.matcher(name).matches()) {
      throw wrong("name", "'" + name + "'", "1 to 64 lower-case letters, digits and hyphens");
    }
    formatVersion = plugin.call("asking " + type() + " for its format version", own::formatVersion);
    if (formatVersion < 0) {
      throw wrong("format version", Integer.toString(formatVersion), "0 or more");
    }
    settings =
        List.copyOf(plugin.call("asking " + type() + " for its settings", this::ownSettings));
    for (Setting<?> setting : settings) {
      if (setting.key() == null || !NAME.matcher(setting.key()).matches()) {
        throw wrong(
            "setting", "'" + setting.key() + "'", "words of lower-case letters and hyphens");
      }
    }
    version = plugin.call("asking " + type() + " for its version", own::version);
  }

  private List<Setting<?>> ownSettings() {
    List<Setting<?>> given = Objects.requireNonNull(own.settings(), "it has no list of settings");
    given.forEach(setting -> Objects.requireNonNull(setting, "a setting is null"));
    return given;
  }

  private PluginException wrong(String what, String value, String allowed) {
    return PluginException.broken(
        plugin.description(),
        "the " + what + " that " + type() + " gives is " + value + ", and must be " + allowed,
        null);
  }

  private String type() {
    return own.getClass().getName();
  }

  /** The file that this provider came from. */
  final String origin() {
    return plugin.origin(own);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public final int formatVersion() {
    return formatVersion;
  }

  @Override
  public final List<Setting<?>> settings() {
    return settings;
  }

  @Override
  public final String version() {
    return version;
  }
}
