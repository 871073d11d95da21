package io.millrace.spi;

import java.util.List;

/**
 * The entry of a module, found with {@link java.util.ServiceLoader} and chosen by {@linkplain
 * #name() name} when a database opens.
 *
 * <p>A provider is final and public, has a public constructor without parameters, and keeps no
 * state; everything else in its module stays package-private.
 */
public interface Provider {
  /**
   * The word that chooses this module in a configuration: lower-case letters, digits and hyphens.
   * Never changes.
   */
  String name();

  /**
   * The version of this package that the module was built against. Always written as
   *
   * <pre>{@code
   * return SpiVersion.CURRENT;
   * }</pre>
   *
   * <p>which the compiler turns into the number that holds at that time. A server with another
   * version refuses the module.
   */
  int spiVersion();

  /**
   * The version of what this module writes to disk. Data written by a later version is refused when
   * it is opened; data of an earlier one must be understood. 0 for a module that writes nothing.
   */
  int formatVersion();

  /**
   * The settings that this module knows, for validation, for documentation and to refuse all
   * others.
   */
  List<Setting<?>> settings();

  /** The version of the module itself, as its jar's manifest states it. */
  default String version() {
    String version = getClass().getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }
}
