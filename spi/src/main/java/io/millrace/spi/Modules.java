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
  /** The origin of what comes with the program itself. */
  public static final String BUILT_IN = "built in";

  /**
   * A module and where it came from.
   *
   * @param origin {@link #BUILT_IN}, or the file that it was read from
   */
  public record Found<P extends Provider>(P provider, String origin) {
    /** What tells it from another of the same name. */
    private String description() {
      return origin.equals(BUILT_IN) ? provider.getClass().getName() + " (" + origin + ")" : origin;
    }
  }

  private final String kind;
  private final Map<String, List<Found<P>>> byName = new TreeMap<>();

  private Modules(String kind, Iterable<Found<P>> found) {
    this.kind = kind;
    for (Found<P> module : found) {
      byName.computeIfAbsent(module.provider().name(), name -> new ArrayList<>()).add(module);
    }
  }

  /**
   * Finds all modules of {@code type} that {@code loader} sees.
   *
   * @param kind the word for messages, for example {@code store}
   */
  public static <P extends Provider> Modules<P> find(
      String kind, Class<P> type, ClassLoader loader) {
    List<P> providers = new ArrayList<>();
    ServiceLoader.load(type, loader).forEach(providers::add);
    return of(kind, providers);
  }

  /** These providers, whatever is on the class path. */
  public static <P extends Provider> Modules<P> of(String kind, Collection<P> providers) {
    return new Modules<>(
        kind, providers.stream().map(provider -> new Found<>(provider, BUILT_IN)).toList());
  }

  /** These modules and {@code more}, which may have the same names. */
  public Modules<P> and(Collection<Found<P>> more) {
    List<Found<P>> both = new ArrayList<>(found());
    both.addAll(more);
    return new Modules<>(kind, both);
  }

  /** The word for this kind of modules, for example {@code store}. */
  public String kind() {
    return kind;
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
    List<Found<P>> found = byName.get(name);
    if (found == null) {
      throw ModuleNotFoundException.unknown(kind, name, byName.keySet());
    }
    if (found.size() > 1) {
      throw ModuleNotFoundException.duplicate(
          kind, name, found.stream().map(Found::description).toList());
    }
    return found.get(0).provider();
  }

  /**
   * Makes sure that no name is claimed twice, whether anybody asks for it or not.
   *
   * @throws ModuleNotFoundException with the code {@code duplicate-module}
   */
  public void requireUnique() {
    byName.keySet().forEach(this::named);
  }

  /** Whether exactly this name was found. */
  public boolean contains(String name) {
    return byName.containsKey(name);
  }

  /** All that were found, by name. */
  public List<P> all() {
    return byName.values().stream().flatMap(List::stream).map(Found::provider).toList();
  }

  /** The same with their origins. */
  public List<Found<P>> found() {
    return byName.values().stream().flatMap(List::stream).toList();
  }
}
