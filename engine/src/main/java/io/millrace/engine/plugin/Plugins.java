package io.millrace.engine.plugin;

import io.millrace.spi.FoldProvider;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.TransportProvider;
import io.millrace.spi.ViewProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The modules of all plug-ins of a server, every one of them checked.
 *
 * <p>A folder within the folder of plug-ins is a plug-in, made of the jars that lie in it; a jar
 * beside such folders is a plug-in too. Names that begin with a dot, and files that are no jars,
 * are passed over.
 *
 * <p>Immutable.
 */
public record Plugins(
    List<Modules.Found<LogProvider>> logs,
    List<Modules.Found<StoreProvider>> stores,
    List<Modules.Found<ViewProvider>> views,
    List<Modules.Found<FoldProvider>> folds,
    List<Modules.Found<TransportProvider>> transports) {
  private static final String JAR = ".jar";
  private static final List<String> PACKED = List.of(".zip", ".tar", ".gz", ".tgz");

  public Plugins {
    logs = List.copyOf(logs);
    stores = List.copyOf(stores);
    views = List.copyOf(views);
    folds = List.copyOf(folds);
    transports = List.copyOf(transports);
  }

  /** No plug-ins. */
  public static Plugins none() {
    return new Plugins(List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /**
   * Loads the plug-ins in {@code folder}, which may be missing.
   *
   * @param key the setting that says which folder, for messages
   * @throws PluginException when something is wrong with one of them
   * @throws InvalidSettingException when {@code folder} is no folder or cannot be read
   */
  public static Plugins in(Path folder, String key) {
    Path normal = folder.normalize();
    if (!Files.exists(normal)) {
      return none();
    }
    List<Modules.Found<LogProvider>> logs = new ArrayList<>();
    List<Modules.Found<StoreProvider>> stores = new ArrayList<>();
    List<Modules.Found<ViewProvider>> views = new ArrayList<>();
    List<Modules.Found<FoldProvider>> folds = new ArrayList<>();
    List<Modules.Found<TransportProvider>> transports = new ArrayList<>();
    for (Plugin plugin : plugins(normal, key)) {
      add(plugin, LogProvider.class, PluginLog::new, logs);
      add(plugin, StoreProvider.class, PluginStore::new, stores);
      add(plugin, ViewProvider.class, PluginViews::new, views);
      add(plugin, FoldProvider.class, PluginFold::new, folds);
      add(plugin, TransportProvider.class, PluginTransport::new, transports);
    }
    return new Plugins(logs, stores, views, folds, transports);
  }

  private static <P extends Provider, W extends PluginProvider<P>> void add(
      Plugin plugin,
      Class<P> type,
      BiFunction<Plugin, P, W> wrapper,
      List<Modules.Found<P>> found) {
    for (P own : plugin.providers(type)) {
      W wrapped = wrapper.apply(plugin, own);
      found.add(new Modules.Found<>(type.cast(wrapped), wrapped.origin()));
    }
  }

  private static List<Plugin> plugins(Path folder, String key) {
    List<Plugin> plugins = new ArrayList<>();
    try {
      for (Path place : list(folder, path -> true)) {
        String name = place.getFileName().toString();
        if (Files.isDirectory(place)) {
          plugins.add(inFolder(name, place));
        } else if (name.endsWith(JAR)) {
          String plain = name.substring(0, name.length() - JAR.length());
          plugins.add(Plugin.of(plain, place, List.of(place)));
        } else if (PACKED.stream().anyMatch(name::endsWith)) {
          throw PluginException.broken(
              "the plug-in " + place, "it is packed, and must be unpacked into a folder", null);
        }
      }
    } catch (IOException e) {
      throw new InvalidSettingException(
          key, folder.toString(), "a folder that can be read (" + e.getMessage() + ")", e);
    }
    return plugins;
  }

  private static Plugin inFolder(String name, Path place) {
    List<Path> jars;
    try {
      jars = list(place, path -> path.getFileName().toString().endsWith(JAR));
    } catch (IOException e) {
      throw PluginException.broken(
          "the plug-in '" + name + "' (" + place + ")", "its folder cannot be read", e);
    }
    if (jars.isEmpty()) {
      throw PluginException.broken(
          "the plug-in '" + name + "' (" + place + ")",
          "there is no jar in its folder (jars in folders within it do not count)",
          null);
    }
    return Plugin.of(name, place, jars);
  }

  /** What lies in {@code folder}, in the order of names, so that every start does the same. */
  private static List<Path> list(Path folder, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(wanted)
          .sorted()
          .toList();
    }
  }
}
