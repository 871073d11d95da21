package io.millrace.engine.plugin;

import io.millrace.spi.Provider;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * What a plug-in sees: the JDK, the contracts that it shares with the server, and its own jars.
 *
 * <p>Shared are the packages that stand in the signatures of the contracts, which must be the same
 * classes on both sides; a plug-in's own copy of them is never read. Everything else of the server
 * is out of sight, resources included, so that a plug-in brings the libraries that it needs in the
 * versions that it needs.
 */
final class PluginClassLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  /** What the names of shared classes begin with. */
  private static final List<String> SHARED =
      List.of(
          "io.millrace.api.",
          "io.millrace.spi.",
          "org.jspecify.annotations.",
          "com.fasterxml.jackson.annotation.",
          "com.fasterxml.jackson.core.",
          "com.fasterxml.jackson.databind.");

  private final ClassLoader server = Provider.class.getClassLoader();

  PluginClassLoader(String name, URL[] jars) {
    super("plug-in " + name, jars, ClassLoader.getPlatformClassLoader());
  }

  static boolean isShared(String className) {
    return SHARED.stream().anyMatch(className::startsWith);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return isShared(name) ? server.loadClass(name) : super.loadClass(name, resolve);
  }
}
