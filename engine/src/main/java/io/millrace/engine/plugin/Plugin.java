package io.millrace.engine.plugin;

import io.millrace.api.error.MillraceException;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Provider;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.TransportProvider;
import io.millrace.spi.ViewProvider;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * One plug-in: jars that are loaded together and apart from everything else. Its loader stays open
 * as long as the process lives.
 */
final class Plugin {
  private static final String SERVICES = "META-INF/services/";
  private static final Set<String> KINDS =
      Set.of(
          LogProvider.class.getName(),
          StoreProvider.class.getName(),
          ViewProvider.class.getName(),
          FoldProvider.class.getName(),
          TransportProvider.class.getName());

  private final String name;
  private final Path place;
  private final ClassLoader loader;

  private Plugin(String name, Path place, ClassLoader loader) {
    this.name = name;
    this.place = place;
    this.loader = loader;
  }

  /**
   * The plug-in that {@code jars} are.
   *
   * @param place the folder or file that an operator would remove
   * @throws PluginException when a jar cannot be read or none has a provider
   */
  static Plugin of(String name, Path place, List<Path> jars) {
    String description = describe(name, place);
    Set<String> kinds = new TreeSet<>();
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      Path jar = jars.get(i);
      try {
        kinds.addAll(kinds(jar));
        urls[i] = url(jar);
      } catch (IOException | SecurityException e) {
        throw PluginException.broken(
            description, jar.getFileName() + " cannot be read as a jar: " + e.getMessage(), e);
      }
    }
    if (kinds.isEmpty()) {
      throw PluginException.broken(
          description,
          "it has no provider, since no jar of it has one of the files "
              + SERVICES
              + " "
              + String.join(", ", new TreeSet<>(KINDS))
              + " (the jars of one plug-in belong into one folder)",
          null);
    }
    for (String kind : kinds) {
      if (!KINDS.contains(kind)) {
        throw PluginException.otherSpi(
            description, "it was built against a version of the SPI that has " + kind, null);
      }
    }
    return new Plugin(name, place, new PluginClassLoader(name, urls));
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toAbsolutePath().toUri().toURL();
  }

  /** The kinds of providers that {@code jar} claims to have. */
  private static List<String> kinds(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(entry -> entry.startsWith(SERVICES + Provider.class.getPackageName() + '.'))
          .map(entry -> entry.substring(SERVICES.length()))
          .toList();
    }
  }

  /**
   * The providers of one kind, checked.
   *
   * @throws PluginException when one of them cannot be made, or says of itself what makes no sense
   */
  <P extends Provider> List<P> providers(Class<P> type) {
    List<P> providers = new ArrayList<>();
    Iterator<ServiceLoader.Provider<P>> found =
        inContext(() -> ServiceLoader.load(type, loader).stream().iterator());
    while (true) {
      try {
        if (!inContext(found::hasNext)) {
          return providers;
        }
        ServiceLoader.Provider<P> provider = inContext(found::next);
        if (!isOfServer(provider.type())) {
          providers.add(inContext(provider::get));
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        throw Faults.of(description(), "making a provider", e);
      }
    }
  }

  /**
   * Whether the server has this provider itself. The plug-in has it then because it brought along a
   * library that is a module too, as {@code view-index} is, and the server's is the one that
   * counts.
   */
  private static boolean isOfServer(Class<?> provider) {
    try {
      Class.forName(provider.getName(), false, Provider.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** What messages call this plug-in. */
  String description() {
    return describe(name, place);
  }

  private static String describe(String name, Path place) {
    return "the plug-in '" + name + "' (" + place + ")";
  }

  /** The file that has the class of {@code provider}, as far as it can be told. */
  String origin(Provider provider) {
    CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
    String path = source == null ? "" : source.getLocation().getPath();
    String file = path.substring(path.lastIndexOf('/') + 1);
    boolean loose = file.isEmpty() || place.getFileName().toString().equals(file);
    return loose ? place.toString() : place.resolve(file).toString();
  }

  /**
   * Calls code of this plug-in.
   *
   * @param tried what is done, for example {@code opening its store}
   * @throws PluginException when the call fails in a way that nobody foresaw
   */
  <T> T call(String tried, Supplier<T> call) {
    T value;
    try {
      value = inContext(call);
    } catch (MillraceException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw Faults.of(description(), tried, e);
    }
    if (value == null) {
      throw PluginException.broken(description(), tried + " gave nothing", null);
    }
    return value;
  }

  /**
   * Calls code of this plug-in with its loader as the one that libraries look for classes with, and
   * that threads started meanwhile inherit.
   */
  <T> T inContext(Supplier<T> call) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return call.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
