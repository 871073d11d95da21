package io.millrace.distribution;

import io.millrace.spi.InvalidSettingException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Jars that an operator put beside the server, as one class loader. */
final class Plugins {
  private Plugins() {}

  /**
   * A loader that sees {@code parent} and every jar in {@code folder}; {@code parent} itself when
   * there is none. It stays open as long as the process lives.
   */
  static ClassLoader loader(Path folder, ClassLoader parent) {
    if (!Files.isDirectory(folder)) {
      return parent;
    }
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : found) {
        jars.add(url(jar));
      }
    } catch (IOException e) {
      throw new InvalidSettingException(
          ServerSettings.PREFIX + ServerSettings.PLUGINS.key(),
          folder.toString(),
          "a folder that can be read",
          e);
    }
    return jars.isEmpty() ? parent : new URLClassLoader(jars.toArray(URL[]::new), parent);
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toAbsolutePath().toUri().toURL();
  }
}
