package io.millrace.engine.plugin;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.spi.SpiVersion;
import org.jspecify.annotations.Nullable;

/**
 * A plug-in that is refused; the message names it, and says what is wrong and what can be done.
 *
 * <p>The code is {@code broken-plugin}, or {@code other-spi-version} for one that was built for
 * another server.
 */
public final class PluginException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  private PluginException(String code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }

  static PluginException broken(String plugin, String wrong, @Nullable Throwable cause) {
    return new PluginException(
        "broken-plugin", plugin + " cannot be used: " + wrong + "; mend or remove it", cause);
  }

  static PluginException otherSpi(String plugin, String wrong, @Nullable Throwable cause) {
    return new PluginException(
        "other-spi-version",
        plugin
            + " cannot be used: "
            + wrong
            + ", and this server has version "
            + SpiVersion.CURRENT
            + "; get or build one for this server, or remove it",
        cause);
  }
}
