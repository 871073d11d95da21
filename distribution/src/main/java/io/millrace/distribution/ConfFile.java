package io.millrace.distribution;

import io.millrace.spi.InvalidSettingException;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * Finds the operator's file of settings: the one that the variable {@value #VARIABLE} names, or
 * {@code conf/application.properties} below the working folder, if there is one.
 *
 * <p>It is stronger than what the server was packaged with, and weaker than the environment.
 */
public final class ConfFile implements ConfigSourceProvider {
  /** Set by an operator, or by the launcher of an unpacked archive. */
  static final String VARIABLE = "MILLRACE_CONF";

  private static final Path USUAL = Path.of("conf", "application.properties");

  /** Between the packaged {@code application.properties} (250) and the environment (300). */
  private static final int ORDINAL = 270;

  @Override
  public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
    String named = System.getenv(VARIABLE);
    Path file = (named == null ? USUAL : Path.of(named)).toAbsolutePath();
    if (named == null && !Files.exists(file)) {
      return List.of();
    }
    try {
      return List.of(new PropertiesConfigSource(file.toUri().toURL(), ORDINAL));
    } catch (IOException e) {
      throw new InvalidSettingException(
          named == null ? USUAL.toString() : VARIABLE,
          file.toString(),
          "a file of settings that can be read",
          e);
    }
  }
}
