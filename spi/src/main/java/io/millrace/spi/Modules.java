package io.millrace.spi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * The modules of one kind that were found, by name.
 *
 * <p>Immutable. No module found, an unknown name and a name that two modules claim are told apart.
 *
 * @param <P> the kind of provider
 */
public final class Modules<P extends Provider> {
  private final String kind;
  private final Map<String, List<P>> byName = new TreeMap<>();

  private Modules(String kind, Iterable<P> found) {
    this.kind = kind;
    for (P provider : found) {
      byName.computeIfAbsent(provider.name(), name -> new ArrayList<>()).add(provider);
    }
  }

  /**
   * Finds all modules of {@code type} that {@code loader} sees.
   *
   * @param kind the word for messages, for example {@code store}
   */
  public static <P extends Provider> Modules<P> find(
      String kind, Class<P> type, ClassLoader loader) {
    return new Modules<>(kind, ServiceLoader.load(type, loader));
  }

  /** These providers, whatever is on the class path. */
  public static <P extends Provider> Modules<P> of(String kind, Collection<P> providers) {
    return new Modules<>(kind, providers);
  }

  /**
   * The module called {@code name}.
   *
   * @throws ModuleNotFoundException with the code {@code no-modules}, {@code unknown-module} or
   *     {@code duplicate-module}
   */
  public P named(String name) {
    if (byName.isEmpty()) {
      throw ModuleNotFoundException.none(kind, name);
    }
    List<P> found = byName.get(name);
    if (found == null) {
      throw ModuleNotFoundException.unknown(kind, name, byName.keySet());
    }
    if (found.size() > 1) {
      throw ModuleNotFoundException.duplicate(
          kind, name, found.stream().map(provider -> provider.getClass().getName()).toList());
    }
    return found.get(0);
  }

  /** Whether exactly this name was found. */
  public boolean contains(String name) {
    return byName.containsKey(name);
  }

  /** All that were found, by name. */
  public List<P> all() {
    return byName.values().stream().flatMap(List::stream).toList();
  }
}
