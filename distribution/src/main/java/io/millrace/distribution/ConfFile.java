package io.millrace.distribution;

import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * Finds {@code conf/application.properties} below the working folder, if there is one.
 *
 * <p>It is stronger than what the server was packaged with, and weaker than the environment.
 */
public final class ConfFile implements ConfigSourceProvider {
  private static final Path FILE = Path.of("conf", "application.properties");

  /** Between the packaged {@code application.properties} (250) and the environment (300). */
  private static final int ORDINAL = 270;

  @Override
  public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
    Path file = FILE.toAbsolutePath();
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return List.of(new PropertiesConfigSource(file.toUri().toURL(), ORDINAL));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
